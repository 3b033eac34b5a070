/**
 * A strict reader of the plain XML that KSeF writes: elements, attributes, namespaces, text. What it does not
 * understand it refuses (a DTD, processing instructions, CDATA, entities beyond the five), so it never guesses.
 */

export class XmlRefused extends Error {
  constructor(what: string, offset: number) {
    super(`${what} at character ${offset}`);
    this.name = 'XmlRefused';
  }
}

export type XmlToken =
  | { readonly kind: 'open'; readonly name: string; readonly namespace: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end' };

interface OpenElement {
  readonly qualifiedName: string;
  /** Prefix -> namespace, as seen from inside; shared with the parent where it declares none. */
  readonly namespaces: ReadonlyMap<string, string>;
}

const DEPTH_MAX = 64;
const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const DECLARATION =
  /^<\?xml\s+version=["']1\.0["'](\s+encoding=["']utf-8["'])?(\s+standalone=["'](yes|no)["'])?\s*\?>/i;
const CLOSE: XmlToken = { kind: 'close' };
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const COLON = 0x3a;

export class XmlScanner {
  readonly #text: string;
  #at: number;
  readonly #open: OpenElement[] = [];
  #rootSeen = false;
  /** `<a/>` opens and closes: the second token waits here. */
  #closeDue = false;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    const declaration = DECLARATION.exec(text.slice(this.#at, this.#at + 200));
    if (declaration !== null) this.#at += declaration[0].length;
  }

  /** The next token; comments are passed over, neighbouring pieces of text come one by one. */
  next(): XmlToken {
    if (this.#closeDue) return this.#close();
    while (this.#at < this.#text.length) {
      if (this.#text.charCodeAt(this.#at) !== LESS_THAN) return this.#readText();
      const following = this.#text.charAt(this.#at + 1);
      if (following === '/') return this.#readClosingTag();
      if (following !== '!' && following !== '?') return this.#readOpeningTag();
      this.#passComment();
    }
    if (this.#open.length > 0 || !this.#rootSeen) throw this.refused('the document is cut off');
    return { kind: 'end' };
  }

  refused(what: string): XmlRefused {
    return new XmlRefused(what, this.#at);
  }

  #passComment(): void {
    if (!this.#text.startsWith('<!--', this.#at))
      throw this.refused('a DTD, CDATA section or processing instruction');
    const end = this.#text.indexOf('--', this.#at + 4);
    if (end < 0 || this.#text.charCodeAt(end + 2) !== GREATER_THAN) throw this.refused('a broken comment');
    this.#at = end + 3;
  }

  #readText(): XmlToken {
    const begin = this.#at;
    let references = false;
    let blank = true;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === LESS_THAN) break;
      if (isSpace(code)) continue;
      if (code < 0x20 || code >= 0xfffe) throw this.refused('a forbidden character');
      blank = false;
      if (code === 0x26) references = true;
      if (code === GREATER_THAN && this.#text.startsWith(']]', this.#at - 2))
        throw this.refused('a stray ]]>');
    }
    if (this.#open.length === 0 && !blank) throw this.refused('text outside of the root');
    const raw = this.#text.slice(begin, this.#at);
    return { kind: 'text', text: references ? this.#resolved(raw) : raw };
  }

  #readOpeningTag(): XmlToken {
    if (this.#open.length === 0 && this.#rootSeen) throw this.refused('a second root');
    if (this.#open.length >= DEPTH_MAX) throw this.refused('elements too deep');
    this.#rootSeen = true;
    this.#at += 1;
    const qualifiedName = this.#readName();
    const namespaces = this.#readAttributes();
    this.#closeDue = this.#text.charCodeAt(this.#at) === SLASH;
    if (this.#closeDue) this.#at += 1;
    this.#expect(GREATER_THAN);
    this.#open.push({ qualifiedName, namespaces });
    const [name, namespace] = this.#resolve(qualifiedName, namespaces);
    return { kind: 'open', name, namespace };
  }

  #readClosingTag(): XmlToken {
    this.#at += 2;
    const name = this.#readName();
    if (this.#open.at(-1)?.qualifiedName !== name)
      throw this.refused('a closing tag without its opening one');
    this.#passSpace();
    this.#expect(GREATER_THAN);
    return this.#close();
  }

  #close(): XmlToken {
    this.#closeDue = false;
    this.#open.pop();
    return CLOSE;
  }

  /** Reads all attributes and answers the namespaces in force inside the element; other values are not kept. */
  #readAttributes(): ReadonlyMap<string, string> {
    const outer = this.#open.at(-1)?.namespaces ?? ROOT_NAMESPACES;
    let inner: Map<string, string> | null = null;
    let seen: Set<string> | null = null;
    while (this.#passSpace() && isNameStart(this.#text.charCodeAt(this.#at))) {
      if (!isSpace(this.#text.charCodeAt(this.#at - 1)))
        throw this.refused('an attribute without space before it');
      const name = this.#readName();
      seen ??= new Set();
      if (seen.has(name)) throw this.refused('an attribute given twice');
      seen.add(name);
      const value = this.#readAttributeValue();
      const prefix = declaredPrefix(name);
      if (prefix === null) continue;
      inner ??= new Map(outer);
      inner.set(prefix, value);
    }
    return inner ?? outer;
  }

  #readAttributeValue(): string {
    this.#passSpace();
    this.#expect(EQUALS);
    this.#passSpace();
    const quote = this.#text.charAt(this.#at);
    const end = quote === '"' || quote === "'" ? this.#text.indexOf(quote, this.#at + 1) : -1;
    if (end < 0) throw this.refused('an attribute without its quotes');
    const raw = this.#text.slice(this.#at + 1, end);
    if (raw.includes('<')) throw this.refused('a tag inside an attribute');
    this.#at = end + 1;
    return this.#resolved(raw);
  }

  #readName(): string {
    const begin = this.#at;
    if (!isNameStart(this.#text.charCodeAt(begin))) throw this.refused('no name where one belongs');
    while (isNamePart(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#text.slice(begin, this.#at);
  }

  #resolve(qualifiedName: string, namespaces: ReadonlyMap<string, string>): [string, string] {
    const colon = qualifiedName.indexOf(':');
    if (colon < 0) return [qualifiedName, namespaces.get('') ?? ''];
    const namespace = namespaces.get(qualifiedName.slice(0, colon));
    const name = qualifiedName.slice(colon + 1);
    if (namespace === undefined || name === '' || name.includes(':')) throw this.refused('an unknown prefix');
    return [name, namespace];
  }

  #resolved(raw: string): string {
    if (!raw.includes('&')) return raw;
    const [first = '', ...rest] = raw.split('&');
    return rest.reduce((text, piece) => {
      const end = piece.indexOf(';');
      const character = end < 0 || end > 10 ? null : characterOf(piece.slice(0, end));
      if (character === null) throw this.refused('an unknown entity');
      return text + character + piece.slice(end + 1);
    }, first);
  }

  /** Always true: reads well as the first half of a condition. */
  #passSpace(): true {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return true;
  }

  #expect(code: number): void {
    if (this.#text.charCodeAt(this.#at) !== code)
      throw this.refused(`no ${String.fromCharCode(code)} where one belongs`);
    this.#at += 1;
  }
}

const ROOT_NAMESPACES: ReadonlyMap<string, string> = new Map([['xml', XML_NAMESPACE]]);
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function declaredPrefix(attribute: string): string | null {
  if (attribute === 'xmlns') return '';
  return attribute.startsWith('xmlns:') ? attribute.slice(6) : null;
}

function characterOf(reference: string): string | null {
  if (!reference.startsWith('#')) return NAMED[reference] ?? null;
  const hexadecimal = /^#x([0-9a-f]{1,6})$/i.exec(reference)?.[1];
  const decimal = /^#([0-9]{1,7})$/.exec(reference)?.[1];
  const code = hexadecimal !== undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal ?? '0');
  return isCharacter(code) ? String.fromCodePoint(code) : null;
}

function isCharacter(code: number): boolean {
  if (isSpace(code)) return true;
  return (
    (code >= 0x20 && code < 0xd800) ||
    (code >= 0xe000 && code < 0xfffe) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** ASCII letters and `_`: all that the vocabulary of a UPO and of its signature uses. */
function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

function isNamePart(code: number): boolean {
  return (
    isNameStart(code) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e || code === COLON
  );
}
