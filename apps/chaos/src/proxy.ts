/** A TCP proxy between two parts: it can cut, swallow, mute, slow and trickle, and tells of every piece that passes. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { LinkTrouble } from './faults.ts';

/** What becomes of a piece that was seen: `drop` keeps it back for good, a promise until it settles. */
export type Verdict = 'pass' | 'drop' | Promise<void>;

export interface Watcher {
  /** A piece on its way to the server. `connection` names the one it is of. */
  request(connection: number, bytes: Buffer): Verdict;
  /** A piece of the answer. */
  answer(connection: number, bytes: Buffer): Verdict;
}

export interface Link {
  readonly port: number;
  /** How many pieces and connections were kept back or torn by troubles so far. */
  readonly harmed: () => number;
  put(trouble: LinkTrouble): void;
  lift(): void;
  watch(watcher: Watcher): void;
  unwatch(watcher: Watcher): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export async function openLink(targetPort: number): Promise<Link> {
  const pairs = new Map<number, Pair>();
  const watchers = new Set<Watcher>();
  let trouble: LinkTrouble | null = null;
  let harmed = 0;
  let connections = 0;

  const listener = createServer({ noDelay: true }, (client) => {
    if (trouble?.name === 'cut') {
      harmed += 1;
      client.resetAndDestroy();
      return;
    }
    join(client);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');

  function join(client: Socket): void {
    connections += 1;
    const id = connections;
    const server = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    pairs.set(id, { client, server });
    carry(client, server, (bytes) => verdictOf('request', id, bytes));
    carry(server, client, (bytes) => verdictOf('answer', id, bytes));
    const forget = (): void => void pairs.delete(id);
    client.once('close', forget);
  }

  function verdictOf(direction: 'request' | 'answer', id: number, bytes: Buffer): Verdict {
    const watched = [...watchers].map((watcher) => watcher[direction](id, bytes));
    const swallowed = trouble?.name === 'black-hole' || (trouble?.name === 'mute' && direction === 'answer');
    if (swallowed || trouble?.name === 'slow' || trouble?.name === 'trickle') harmed += 1;
    if (swallowed || watched.includes('drop')) return 'drop';
    return watched.find((verdict) => verdict instanceof Promise) ?? 'pass';
  }

  function carry(from: Socket, to: Socket, judge: (bytes: Buffer) => Verdict): void {
    let freeAtMs = 0;
    let queued = 0;
    let tail = Promise.resolve();
    /** In order, whatever came to be late before. */
    const later = (bytes: number, work: () => void, held?: Promise<void>): void => {
      const waitMs = trouble === null ? 0 : heldUpMs(trouble, bytes);
      if (queued === 0 && waitMs === 0 && held === undefined) {
        work();
        return;
      }
      freeAtMs = Math.max(performance.now(), freeAtMs) + waitMs;
      const dueAtMs = freeAtMs;
      queued += 1;
      tail = tail.then(async () => {
        await held;
        await delay(Math.max(0, dueAtMs - performance.now()));
        queued -= 1;
        work();
      });
    };
    from.on('data', (bytes: Buffer) => {
      const verdict = judge(bytes);
      if (verdict === 'drop') return;
      later(bytes.length, () => to.write(bytes), verdict === 'pass' ? undefined : verdict);
    });
    from.on('end', () => later(0, () => to.end()));
    // Whoever dies leaves; what it sent before still arrives.
    from.on('error', () => to.end());
    from.on('close', () => later(0, () => to.end()));
  }

  function tear(): void {
    harmed += pairs.size;
    for (const { client, server } of pairs.values()) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    pairs.clear();
  }

  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no TCP address');
  return {
    port: address.port,
    harmed: () => harmed,
    put(next) {
      trouble = next;
      if (next.name === 'cut') tear();
    },
    lift() {
      // What lost pieces can never be whole again.
      if (trouble?.name === 'black-hole' || trouble?.name === 'mute') tear();
      trouble = null;
    },
    watch: (watcher) => void watchers.add(watcher),
    unwatch: (watcher) => void watchers.delete(watcher),
    async close() {
      tear();
      listener.close();
      await once(listener, 'close');
    },
  };
}

function heldUpMs(trouble: LinkTrouble, bytes: number): number {
  if (trouble.name === 'slow') return trouble.delayMs;
  if (trouble.name === 'trickle') return (bytes * 1_000) / trouble.bytesPerS;
  return 0;
}
