/**
 * BEGIN and the first query of a transaction as one message to PostgreSQL: it answers once, and where BEGIN fails (an
 * operator's cancel, a time-out of the server) it passes over what came with it. A BEGIN of its own, whose answer is
 * not waited for, would leave that first query to run, and to be committed, outside of any transaction.
 */
import { type PoolClient, Query, type QueryConfig, type QueryResult } from 'pg';
import { keptIfSmall } from './kept-plans.ts';

/**
 * For work on rows that are known by their ids, in pieces: where the table is not yet large PostgreSQL would sooner read all of it for
 * each piece, or all of a few days, than look five hundred ids up. What has no index to go by is read as ever, and is not worth
 * compiling for that (JIT), though its cost looks high then.
 */
export const BY_INDEX: readonly string[] = ['enable_seqscan', 'enable_bitmapscan', 'jit'].map(
  (setting) => `SET LOCAL ${setting} = off`,
);

/** From here to the end of the transaction. */
export async function goByIndex(tx: PoolClient): Promise<void> {
  await Promise.all(BY_INDEX.map((setting) => tx.query(setting)));
}

/** A query without values goes by the simple protocol otherwise, in which it would end the message of BEGIN. */
const EXTENDED = { queryMode: 'extended' };

/** A transaction that begins with its first query. PostgreSQL keeps the plans of what is asked in it, where the values are few. */
export interface Beginning {
  readonly tx: PoolClient;
  /** Settles as the first query does; null where nothing was asked. */
  readonly begun: () => Promise<unknown> | null;
}

/** `settings` are made with BEGIN, in the same message. */
export function beginning(client: PoolClient, settings: readonly string[] = []): Beginning {
  let first: Promise<QueryResult> | null = null;
  let isOpen = false;
  const query = (statement: string | QueryConfig, values?: unknown[]): Promise<QueryResult> => {
    const config = keptIfSmall(statement, values);
    if (first === null) {
      first = openingQuery(client, settings, typeof config === 'string' ? { text: config } : config, values);
      first.then(
        () => {
          isOpen = true;
        },
        () => undefined,
      );
      return first;
    }
    return isOpen ? client.query(config, values) : first.then(() => client.query(config, values));
  };
  return { tx: Object.create(client, { query: { value: query } }), begun: () => first };
}

function openingQuery(
  client: PoolClient,
  settings: readonly string[],
  config: QueryConfig,
  values?: unknown[],
): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const opening = new Query({ ...config, ...EXTENDED }, values, (error, results) => {
      // Several commands were run: the results of BEGIN and of the settings come first.
      const result = Array.isArray(results) ? results.at(-1) : results;
      if (error) reject(error);
      else resolve(result);
    });
    const { submit } = opening;
    opening.submit = (connection) => {
      connection.stream.cork();
      for (const text of ['BEGIN', ...settings]) {
        connection.parse({ name: '', text, types: [] }, true);
        connection.bind({}, true);
        connection.execute({}, true);
      }
      const refusal = submit.call(opening, connection);
      connection.stream.uncork();
      return refusal;
    };
    client.query(opening);
  });
}
