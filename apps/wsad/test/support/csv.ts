/** Reads CSV as RFC 4180 has it: a record for each line, by the names in the first. */
export function readCsv(text: string): Record<string, string>[] {
  const [names = [], ...lines] = rowsOf(text);
  return lines.map((line) => Object.fromEntries(names.map((name, place) => [name, line[place] ?? ''])));
}

function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',' && end !== '') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
