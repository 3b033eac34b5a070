/** Has the invoices of a large package read by several threads while it is still being taken apart. */
import type { Content } from './content.ts';
import type { FormCode } from './forms.ts';
import type { Readers } from './readers.ts';

export type ReadAhead = {
  /** Resolves when more may come: what waits to be read is bounded. */
  take(bytes: Buffer, tell: (content: Content) => void): Promise<void>;
  /** Resolves when everything taken has been read. */
  done(): Promise<void>;
};

type Waiting = { bytes: Buffer; tell: (content: Content) => void };

const PACK_FILES = 100;
const PACK_BYTES = 1_000_000;

export function createReadAhead(readers: Readers, form: FormCode): ReadAhead {
  const reading = new Set<Promise<void>>();
  let pack: Waiting[] = [];
  let packBytes = 0;

  async function take(bytes: Buffer, tell: Waiting['tell']): Promise<void> {
    pack.push({ bytes, tell });
    packBytes += bytes.length;
    if (pack.length < PACK_FILES && packBytes < PACK_BYTES) return;
    hand();
    if (reading.size > 2 * readers.threads) await Promise.race(reading);
  }

  function hand(): void {
    const handed = pack;
    pack = [];
    packBytes = 0;
    const work = read(handed).finally(() => reading.delete(work));
    // A failure is met where it is awaited, and that may be later.
    work.catch(() => undefined);
    reading.add(work);
  }

  async function read(handed: readonly Waiting[]): Promise<void> {
    const contents = await readers.read(
      handed.map(({ bytes }) => bytes),
      form,
    );
    for (const [index, content] of contents.entries()) handed[index]?.tell(content);
  }

  async function done(): Promise<void> {
    hand();
    await Promise.all(reading);
  }

  return { take, done };
}
