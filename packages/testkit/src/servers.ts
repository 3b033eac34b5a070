import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the broker that starts the run's shared servers when they are first asked for. */
    wsadServers: string;
    /** Seed of the run's property tests. */
    wsadSeed: number;
  }
}

export type SharedServer = 'postgres' | 'redis';

/** The address of a server shared by the whole test run, started by whoever asks first. */
export async function servers(name: SharedServer): Promise<string> {
  const answer = await fetch(`${inject('wsadServers')}/${name}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}
