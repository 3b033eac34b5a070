/**
 * Rows in PostgreSQL's binary form. The client reads every other answer as text, in which bytes are hexadecimal digits: twice
 * as long, and to be written out and read in. COPY alone hands its bytes over as they are.
 */
import { type Pool, type PoolClient, Query } from 'pg';

/** A field of a row; null where SQL says so. */
export type Field = Buffer | null;

/** COPY takes no parameters: whatever is not of this code has to be escaped in `select`. */
export async function copyOut(pool: Pool, select: string): Promise<Field[][]> {
  const client = await pool.connect();
  let broken = true;
  try {
    const chunks = await chunksOf(client, `COPY (${select}) TO STDOUT (FORMAT binary)`);
    broken = false;
    return rowsOf(chunks);
  } finally {
    client.release(broken);
  }
}

function chunksOf(client: PoolClient, text: string): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const copying = new Query({ text }, undefined, (error) => {
      if (error) reject(error);
      else resolve(chunks);
    });
    // The chunk lies in the memory that the next is read into.
    const handleCopyData = ({ chunk }: { readonly chunk: Buffer }): void => {
      chunks.push(Buffer.from(chunk));
    };
    client.query(Object.assign(copying, { handleCopyData }));
  });
}

const SIGNATURE_AND_FLAGS_BYTES = 15;
const END = -1;
const NULL = -1;

/** A chunk is a whole row; the header comes with the first of them, and the end may. */
function rowsOf(chunks: readonly Buffer[]): Field[][] {
  const rows: Field[][] = [];
  for (const [index, chunk] of chunks.entries()) {
    let at = index === 0 ? headerBytes(chunk) : 0;
    while (at < chunk.byteLength && chunk.readInt16BE(at) !== END) {
      const { row, end } = rowAt(chunk, at);
      rows.push(row);
      at = end;
    }
  }
  return rows;
}

function headerBytes(chunk: Buffer): number {
  return SIGNATURE_AND_FLAGS_BYTES + 4 + chunk.readInt32BE(SIGNATURE_AND_FLAGS_BYTES);
}

function rowAt(chunk: Buffer, start: number): { row: Field[]; end: number } {
  const row: Field[] = [];
  let at = start + 2;
  for (let left = chunk.readInt16BE(start); left > 0; left -= 1) {
    const size = chunk.readInt32BE(at);
    at += 4;
    row.push(size === NULL ? null : chunk.subarray(at, at + size));
    if (size !== NULL) at += size;
  }
  return { row, end: at };
}
