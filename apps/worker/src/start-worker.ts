/** The worker: aggregates, packages and sends. Its processors are one line each; the stops are in the engine. */
import { dispatchLane, logIn, sendSession, type World } from '@wsad/engine';
import { type QueueConnection, startWorkers, type Workers } from '@wsad/jobs';
import { correlated } from '@wsad/telemetry';

export async function startWorker(world: World, queue: QueueConnection, sends: number): Promise<Workers> {
  const { clock, emit } = world;
  return await startWorkers(
    queue,
    {
      dispatch: (lane) => dispatchLane(world, lane),
      send: ({ sessionId }) => sendSession(world, sessionId),
      login: ({ nip }) => logIn(world, nip),
    },
    { concurrency: { send: sends }, emit, clock, random: Math.random, around: correlated },
  );
}
