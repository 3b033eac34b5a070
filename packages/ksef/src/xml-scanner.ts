/**
 * The plain XML that KSeF writes, token by token: elements, namespaces, text. saxes does the reading; what has no place
 * in a receipt (a DTD, processing instructions, CDATA) is refused, so nothing is ever guessed.
 */
import { SaxesParser } from 'saxes';

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

const DEPTH_MAX = 64;
/** Read at a time: about 100 entries. */
const PIECE_CHARACTERS = 64_000;
const CLOSE: XmlToken = { kind: 'close' };
const END: XmlToken = { kind: 'end' };

export class XmlScanner {
  readonly #text: string;
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  #read = 0;
  #tokens: XmlToken[] = [];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#listen();
  }

  /** The next token; comments are passed over. */
  next(): XmlToken {
    for (;;) {
      const token = this.#tokens[this.#next];
      this.#next += 1;
      if (token !== undefined) return token;
      this.#tokens = [];
      this.#next = 0;
      this.#readOn();
    }
  }

  refused(what: string): XmlRefused {
    return new XmlRefused(what, this.#parser.position);
  }

  #listen(): void {
    const parser = this.#parser;
    const refuse = (what: string) => () => {
      throw this.refused(what);
    };
    parser.on('error', (error) => refuse(error.message)());
    parser.on('doctype', refuse('a DTD'));
    parser.on('processinginstruction', refuse('a processing instruction'));
    parser.on('cdata', refuse('a CDATA section'));
    parser.on('xmldecl', ({ encoding }) => {
      if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') refuse('another encoding')();
    });
    // saxes trims namespaces; XML does not.
    parser.on('attribute', ({ name, prefix, value }) => {
      const declares = prefix === 'xmlns' || name === 'xmlns';
      if (declares && value !== value.trim()) refuse('a namespace with space around it')();
    });
    parser.on('opentag', ({ local, uri }) => {
      this.#depth += 1;
      if (this.#depth > DEPTH_MAX) throw this.refused('elements too deep');
      this.#tokens.push({ kind: 'open', name: local, namespace: uri });
    });
    parser.on('closetag', () => {
      this.#depth -= 1;
      this.#tokens.push(CLOSE);
    });
    parser.on('text', (text) => this.#tokens.push({ kind: 'text', text }));
  }

  #readOn(): void {
    if (this.#read >= this.#text.length) {
      if (!this.#parser.closed) this.#parser.close();
      this.#tokens.push(END);
      return;
    }
    const piece = this.#text.slice(this.#read, this.#read + PIECE_CHARACTERS);
    this.#read += piece.length;
    this.#parser.write(piece);
  }
}
