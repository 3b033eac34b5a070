/** Faults over HTTP: programmed call by call, or switched on by their names in the catalogue. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { catalogued, catalogueView } from '../faults/catalogue.ts';
import { aimSchema, armedFaults, clearFaults, enableFault, objection } from '../faults/enable.ts';
import type { World } from '../world.ts';
import { faultSchema } from './faults.ts';

export function registerFaults(app: FastifyInstance, world: World): void {
  app.get('/_emulator/faults', () => armedFaults(world));
  app.post('/_emulator/faults', (request, reply) => {
    const fault = faultSchema.safeParse(request.body);
    if (!fault.success) return reply.status(400).send({ error: z.prettifyError(fault.error) });
    world.faults.add(fault.data);
    return reply.status(201).send(fault.data);
  });
  app.delete('/_emulator/faults', (_request, reply) => {
    clearFaults(world);
    return reply.status(204).send();
  });

  app.get('/_emulator/faults/catalogue', () => catalogueView());
  app.post<{ Params: { name: string } }>('/_emulator/faults/:name', async (request, reply) => {
    const { name } = request.params;
    const entry = catalogued(name);
    if (entry === undefined) return reply.status(404).send({ error: objection(name, {}) });
    const aim = aimSchema.safeParse(request.body ?? {});
    if (!aim.success) return reply.status(400).send({ error: z.prettifyError(aim.error) });
    const error = objection(name, aim.data);
    if (error !== null) return reply.status(400).send({ error });
    await enableFault(world, name, aim.data);
    return reply.status(201).send({ name, title: entry.title, source: entry.source, ...aim.data });
  });
}
