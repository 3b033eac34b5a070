/** A file on its way through the check: its bytes, and its text where a rule has a reason to look at it. Most have none. */

const END_OF_TAG = 0x3e;
/** Every comment and CDATA section has the one, every processing instruction the other. */
const EXCLAMATION_MARK = 0x21;
const QUESTION_MARK = 0x3f;

export interface Source {
  /** UTF-8 without a byte order mark. */
  readonly bytes: Buffer;
  /** The text up to the first `>`, where an XML declaration would be. */
  readonly head: string;
  /** Nothing in it but elements and text: neither comments nor CDATA nor, after the declaration, instructions. */
  readonly isPlain: boolean;
  /** All of it, decoded when it is first asked for. */
  readonly text: () => string;
}

export function sourceOf(bytes: Buffer): Source {
  let text: string | null = null;
  const headEnd = bytes.indexOf(END_OF_TAG) + 1;
  return {
    bytes,
    head: bytes.toString('utf8', 0, headEnd),
    isPlain: !bytes.includes(EXCLAMATION_MARK) && !bytes.includes(QUESTION_MARK, headEnd),
    text: () => {
      text ??= bytes.toString();
      return text;
    },
  };
}
