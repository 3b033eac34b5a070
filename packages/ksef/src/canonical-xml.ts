/** Text as canonical XML writes it, so that what we write needs no canonicalisation before it is hashed. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
};
const NOT_OF_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Characters that XML cannot hold at all become U+FFFD. */
export function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(NOT_OF_XML, '\uFFFD')
    .replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? character);
}
