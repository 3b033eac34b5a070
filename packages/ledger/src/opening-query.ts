/**
 * BEGIN and the first query of a transaction as one message to PostgreSQL: it answers once, and where BEGIN fails (an
 * operator's cancel, a time-out of the server) it passes over what came with it. A BEGIN of its own, whose answer is
 * not waited for, would leave that first query to run, and to be committed, outside of any transaction.
 */
import { type PoolClient, Query, type QueryConfig, type QueryResult } from 'pg';
import { keptIfSmall } from './kept-plans.ts';

/** A query without values goes by the simple protocol otherwise, in which it would end the message of BEGIN. */
const EXTENDED = { queryMode: 'extended' };

/** A transaction that begins with its first query. PostgreSQL keeps the plans of what is asked in it, where the values are few. */
export interface Beginning {
  readonly tx: PoolClient;
  /** Settles as the first query does; null where nothing was asked. */
  readonly begun: () => Promise<unknown> | null;
}

export function beginning(client: PoolClient): Beginning {
  let first: Promise<QueryResult> | null = null;
  let isOpen = false;
  const query = (statement: string | QueryConfig, values?: unknown[]): Promise<QueryResult> => {
    const config = keptIfSmall(statement, values);
    if (first === null) {
      first = openingQuery(client, typeof config === 'string' ? { text: config } : config, values);
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

function openingQuery(client: PoolClient, config: QueryConfig, values?: unknown[]): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const opening = new Query({ ...config, ...EXTENDED }, values, (error, results) => {
      // Two commands were run: the result of BEGIN comes first.
      const result = Array.isArray(results) ? results.at(-1) : results;
      if (error) reject(error);
      else resolve(result);
    });
    const { submit } = opening;
    opening.submit = (connection) => {
      connection.stream.cork();
      connection.parse({ name: '', text: 'BEGIN', types: [] }, true);
      connection.bind({}, true);
      connection.execute({}, true);
      const refusal = submit.call(opening, connection);
      connection.stream.uncork();
      return refusal;
    };
    client.query(opening);
  });
}
