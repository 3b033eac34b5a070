/** A file on its way through the check: its bytes, and its text where a rule has a reason to look at it. Most have none. */

const END_OF_TAG = 0x3e;

export interface Source {
  /** UTF-8 without a byte order mark. */
  readonly bytes: Buffer;
  /** The text up to the first `>`, where an XML declaration would be. */
  readonly head: string;
  /** All of it, decoded when it is first asked for. */
  readonly text: () => string;
}

export function sourceOf(bytes: Buffer): Source {
  let text: string | null = null;
  return {
    bytes,
    head: bytes.toString('utf8', 0, bytes.indexOf(END_OF_TAG) + 1),
    text: () => {
      text ??= bytes.toString();
      return text;
    },
  };
}
