/** KSeF number: 35 characters `NIP-YYYYMMDD-FFFFFFFFFFFF-CC`, CC a CRC-8 over the first 32. */

const KSEF_NUMBER_PATTERN = /^[1-9]\d{9}-\d{8}-[0-9A-F]{12}-[0-9A-F]{2}$/;

/** What each byte makes of a CRC-8 of polynomial 0x07, so that no bit is looked at twice. */
const CRC8_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? (crc << 1) ^ 0x07 : crc << 1;
  return crc;
});

/** CRC-8, polynomial 0x07, initial value 0x00. Source: KSeF documentation, "Numer KSeF". */
export function crc8(text: string): number {
  let crc = 0;
  for (const byte of Buffer.from(text, 'ascii')) crc = CRC8_OF_BYTE[crc ^ byte] ?? 0;
  return crc;
}

/** True when the shape and the check digits agree: a number that fails was not given by KSeF. */
export function isKsefNumber(text: string): boolean {
  if (!KSEF_NUMBER_PATTERN.test(text)) return false;
  return crc8(text.slice(0, 32)).toString(16).toUpperCase().padStart(2, '0') === text.slice(33);
}
