/** The line of a position in a text, counted from 1 as XML editors do. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** White space collapsed as XSD does for tokens: tab, line feed, carriage return and space alone. */
export function collapsed(text: string): string {
  return text.replace(/[\t\n\r ]+/g, ' ').replace(/^ | $/g, '');
}
