const POLYNOMIAL = 0x07;

/** What each byte comes to. */
const table = Uint8Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x80 ? POLYNOMIAL : 0)) & 0xff;
  return crc;
});

/** CRC-8 with polynomial 0x07 and initial value 0x00 over ASCII text: the check at the end of a KSeF number. */
export function crc8(text: string): number {
  let crc = 0;
  for (let place = 0; place < text.length; place += 1) crc = table[crc ^ text.charCodeAt(place)] ?? 0;
  return crc;
}
