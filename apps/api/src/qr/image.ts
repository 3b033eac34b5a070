/** A QR code with its label under it, as a picture. */
import { encode } from 'fast-png';
import { encodeQR } from 'qr';
import { LABEL_HEIGHT, labelDot, labelWidth } from './label.ts';

export interface QrPicture {
  readonly link: string;
  readonly label: string;
  /** Width in pixels; the label adds to the height. */
  readonly sizePx: number;
}

/** The quiet zone that the standard (ISO/IEC 18004) asks for, in modules. */
const QUIET_MODULES = 4;
const INK = 0;
const PAPER = 255;

export function qrPng(picture: QrPicture): Buffer {
  const { sizePx } = picture;
  const { rows, modulePx, marginPx } = symbolOf(picture);
  const label = labelLayout(picture);
  const height = sizePx + label.heightPx;
  const data = new Uint8Array(sizePx * height).fill(PAPER);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < sizePx; x += 1)
      if (
        rows[Math.floor((y - marginPx) / modulePx)]?.[Math.floor((x - marginPx) / modulePx)] === true ||
        label.inkAt(x, y - sizePx)
      )
        data[y * sizePx + x] = INK;
  return Buffer.from(encode({ width: sizePx, height, data, channels: 1, depth: 8 }));
}

/** The label is text, so that it can be searched and copied. */
export function qrSvg(picture: QrPicture): string {
  const { sizePx, label } = picture;
  const { rows, modulePx, marginPx } = symbolOf(picture);
  const { dotPx, heightPx } = labelLayout(picture);
  const squares = rows.flatMap((row, y) =>
    row.flatMap((ink, x) =>
      ink
        ? [`M${marginPx + x * modulePx} ${marginPx + y * modulePx}h${modulePx}v${modulePx}h-${modulePx}z`]
        : [],
    ),
  );
  const height = sizePx + heightPx;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sizePx}" height="${height}" viewBox="0 0 ${sizePx} ${height}">`,
    `<rect width="${sizePx}" height="${height}" fill="#fff"/>`,
    `<path shape-rendering="crispEdges" d="${squares.join('')}"/>`,
    `<text x="${sizePx / 2}" y="${sizePx + LABEL_HEIGHT * dotPx}" text-anchor="middle" font-family="monospace" font-size="${10 * dotPx}" textLength="${labelWidth(label) * dotPx}" lengthAdjust="spacingAndGlyphs">${label}</text>`,
    '</svg>',
  ].join('');
}

interface SymbolLayout {
  readonly rows: boolean[][];
  readonly modulePx: number;
  readonly marginPx: number;
}

/** Modules of whole pixels, as large as they fit; the quiet zone is among them. */
function symbolOf({ link, sizePx }: QrPicture): SymbolLayout {
  const rows = encodeQR(link, 'raw', { ecc: 'medium', border: QUIET_MODULES });
  const modulePx = Math.max(1, Math.floor(sizePx / rows.length));
  return { rows, modulePx, marginPx: Math.floor((sizePx - rows.length * modulePx) / 2) };
}

const LABEL_SHARE = 150;
/** Free rows of dots under the label. */
const FOOT_DOTS = 4;

function labelLayout({ label, sizePx }: QrPicture) {
  const dotPx = Math.max(
    1,
    Math.min(Math.round(sizePx / LABEL_SHARE), Math.floor(sizePx / labelWidth(label))),
  );
  const leftPx = Math.floor((sizePx - labelWidth(label) * dotPx) / 2);
  return {
    dotPx,
    heightPx: (LABEL_HEIGHT + FOOT_DOTS) * dotPx,
    inkAt: (x: number, y: number): boolean =>
      x >= leftPx && y >= 0 && labelDot(label, Math.floor((x - leftPx) / dotPx), Math.floor(y / dotPx)),
  };
}
