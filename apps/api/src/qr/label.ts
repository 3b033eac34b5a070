/**
 * The letters that labels of QR codes are made of: KSeF numbers, OFFLINE and CERTYFIKAT. Five dots wide and seven high,
 * a row a number, its leftmost dot the highest bit.
 */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 6, 8, 16, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  A: [14, 17, 17, 31, 17, 17, 17],
  B: [30, 17, 17, 30, 17, 17, 30],
  C: [14, 17, 16, 16, 16, 17, 14],
  D: [28, 18, 17, 17, 17, 18, 28],
  E: [31, 16, 16, 30, 16, 16, 31],
  F: [31, 16, 16, 30, 16, 16, 16],
  I: [14, 4, 4, 4, 4, 4, 14],
  K: [17, 18, 20, 24, 20, 18, 17],
  L: [16, 16, 16, 16, 16, 16, 31],
  N: [17, 25, 21, 19, 17, 17, 17],
  O: [14, 17, 17, 17, 17, 17, 14],
  R: [30, 17, 17, 30, 20, 18, 17],
  T: [31, 4, 4, 4, 4, 4, 4],
  Y: [17, 17, 10, 4, 4, 4, 4],
  '-': [0, 0, 0, 31, 0, 0, 0],
};
const GLYPH_WIDTH = 5;
const ADVANCE = GLYPH_WIDTH + 1;

export const LABEL_HEIGHT = 7;

export function labelWidth(label: string): number {
  return label.length * ADVANCE - 1;
}

/** Whether the label has ink at this dot. */
export function labelDot(label: string, x: number, y: number): boolean {
  const row = GLYPHS[label[Math.floor(x / ADVANCE)] ?? '']?.[y] ?? 0;
  const column = x % ADVANCE;
  return column < GLYPH_WIDTH && ((row >> (GLYPH_WIDTH - 1 - column)) & 1) === 1;
}
