/**
 * XML of nothing but plain elements, looked through without building a document: no comments, no CDATA, no prefixes, no
 * references to characters, no attributes beside those that every invoice has. Each character stands for a byte.
 */

/** An element that is wanted: the first of its tag behind the beginning of what it has to be a child of. */
export type Mark = {
  /** Such as `NIP>`: what is behind the `<`. */
  tag: string;
  /** -1 where there is none. */
  at: number;
  /** null for the root. */
  within: Mark | null;
  /** Whether it was found to be such a child. */
  isChild: boolean;
  /** Whether it is one and holds nothing but text. */
  isLeaf: boolean;
  /** Where it has ended, if it is no leaf. */
  end: number;
};

type Opened = { name: string; mark: Mark | null };

const DEPTH_MAX = 32;

const blanks = '[ \\t\\r\\n]*';
const name = '[A-Za-z_][\\w.-]*';
const letters = '[^<&>\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]*';
const text = `${letters}(?:&(?:amp|lt|gt|quot|apos);${letters})*`;
const value = '"[^"<&>\\x00-\\x1f\\x7f]*"';
const leaf = `<(${name})>${text}</\\1>`;
const formLeaf = `<KodFormularza kodSystemowy=${value} wersjaSchemy=${value}>${text}</KodFormularza>`;

/** What only the prefixes `xml` and `xmlns` stand for. */
const reserved = 'http://www\\.w3\\.org/(?:XML/1998/namespace|2000/xmlns/)"';

const beginning = new RegExp(
  `^(?:<\\?xml version="1\\.0"(?: encoding="[Uu][Tt][Ff]-8")?\\?>)?${blanks}` +
    `<(${name})((?: xmlns(?::(?!xml)[a-z]+)?="(?!${reserved})http://[\\w./-]+")*)>${blanks}`,
);
const tag = new RegExp(`<(/?)(${name})>${blanks}`, 'y');
const leaves = new RegExp(`(?:(?:${leaf}|${formLeaf})${blanks})*`, 'y');
/** Elements of nothing but leaves, as the rows of an invoice are. */
const row = `<(${name})>(?:${blanks}<(${name})>${text}</\\2>)+${blanks}</\\1>`;
const rows = new RegExp(`(?:${row}${blanks})*`, 'y');

/** What the root is called and where its content begins; null where anything unusual stands before that. */
export function plainBeginning(characters: string): { root: string; start: number } | null {
  const [whole, root, namespaces] = beginning.exec(characters) ?? [];
  if (whole === undefined || root === undefined || namespaces === undefined) return null;
  const declared = namespaces.match(/xmlns[^=]*/g) ?? [];
  return new Set(declared).size < declared.length ? null : { root, start: whole.length };
}

/** The content of the root, which begins there. */
export function rootMark(tag: string, start: number): Mark {
  return { tag, at: start, within: null, isChild: false, isLeaf: false, end: -1 };
}

export function markOf(characters: string, tag: string, within: Mark): Mark {
  return {
    tag,
    at: within.at < 0 ? -1 : placeOf(characters, tag, within.at),
    within,
    isChild: false,
    isLeaf: false,
    end: -1,
  };
}

/** Looked for by its first letter, which is rarer than `<`. */
function placeOf(characters: string, tag: string, from: number): number {
  let letter = characters.indexOf(tag, from);
  while (letter > 0 && characters[letter - 1] !== '<') letter = characters.indexOf(tag, letter + 1);
  return letter < 0 ? -1 : letter - 1;
}

/** Goes through everything in the root to the end; false where not all of it is plain. Tells the marks what they are. */
export function isPlain(characters: string, root: Mark, marks: readonly Mark[]): boolean {
  const opened: Opened[] = [{ name: root.tag.slice(0, -1), mark: root }];
  const passRows = rowsPasser(characters, marks);
  let at = root.at;
  for (let inner = opened.at(-1); inner !== undefined; inner = opened.at(-1)) {
    const start = at;
    at = behind(leaves, characters, start);
    for (const mark of marks)
      if (isBetween(mark, start, at)) mark.isChild = mark.isLeaf = mark.within === inner.mark;
    const rowsEnd = passRows(at);
    if (rowsEnd > at) at = rowsEnd;
    else at = passTag(characters, at, opened, marks);
    if (at < 0) return false;
  }
  return at === characters.length;
}

function behind(pattern: RegExp, characters: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(characters);
  return pattern.lastIndex;
}

function isBetween({ at }: Mark, start: number, end: number): boolean {
  return at >= start && at < end;
}

/**
 * Says where the rows end that begin there, or the same place where marks are among them: those are looked at element
 * by element, and rows are not sought again before the last mark is behind. So nothing is gone through again and again.
 */
function rowsPasser(characters: string, marks: readonly Mark[]): (at: number) => number {
  let markedUntil = 0;
  return (at) => {
    if (at < markedUntil) return at;
    const end = behind(rows, characters, at);
    const last = Math.max(...marks.map((mark) => (isBetween(mark, at, end) ? mark.at : -1)));
    markedUntil = last + 1;
    return last < 0 ? end : at;
  };
}

/** Opens or closes an element; answers where its tag ends, -1 where there is none or not the right one. */
function passTag(characters: string, at: number, opened: Opened[], marks: readonly Mark[]): number {
  tag.lastIndex = at;
  const [whole, slash, found] = tag.exec(characters) ?? [];
  if (whole === undefined || found === undefined) return -1;
  if (slash === '/') {
    const closed = opened.pop();
    if (closed?.name !== found) return -1;
    if (closed.mark !== null) closed.mark.end = at;
  } else {
    if (opened.length === DEPTH_MAX) return -1;
    opened.push({ name: found, mark: childMark(marks, at, opened.at(-1)?.mark ?? null) });
  }
  return at + whole.length;
}

/** The mark that is told to be a child of its parent by standing here. */
function childMark(marks: readonly Mark[], at: number, parent: Mark | null): Mark | null {
  const mark = marks.find((candidate) => candidate.at === at);
  if (mark === undefined || parent === null || mark.within !== parent) return null;
  mark.isChild = true;
  return mark;
}
