/** KSeF number: 35 characters `NIP-YYYYMMDD-FFFFFFFFFFFF-CC`, CC a CRC-8 over the first 32. */

const KSEF_NUMBER_PATTERN = /^[1-9]\d{9}-\d{8}-[0-9A-F]{12}-[0-9A-F]{2}$/;

const POLYNOMIAL = 0x07;

/** What each byte makes of a CRC of zero. */
const CRC_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1)
    crc = crc & 0x80 ? ((crc << 1) ^ POLYNOMIAL) & 0xff : (crc << 1) & 0xff;
  return crc;
});

/** CRC-8, polynomial 0x07, initial value 0x00, over ASCII. Source: KSeF documentation, "Numer KSeF". */
export function crc8(text: string): number {
  let crc = 0;
  for (let at = 0; at < text.length; at += 1) crc = CRC_OF_BYTE[(crc ^ text.charCodeAt(at)) & 0xff] ?? 0;
  return crc;
}

/** True when the shape and the check digits agree: a number that fails was not given by KSeF. */
export function isKsefNumber(text: string): boolean {
  if (!KSEF_NUMBER_PATTERN.test(text)) return false;
  return crc8(text.slice(0, 32)) === Number.parseInt(text.slice(33), 16);
}
