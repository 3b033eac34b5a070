import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { nipSchema } from '../auth/context-schema.ts';
import { tokenPermissions } from '../routes/tokens.ts';
import type { World } from '../world.ts';
import { certificateOrderSchema } from './certificate-order.ts';
import { registerFaults } from './fault-routes.ts';
import { issueToken } from './issue-token.ts';
import { registryView, statsView } from './views.ts';

const rotationSchema = z.strictObject({ emergency: z.boolean().default(false) });

const tokenSchema = z.strictObject({
  nip: nipSchema,
  permissions: z.array(z.enum(tokenPermissions)).default([...tokenPermissions]),
});

/** The emulator's own controls, beside KSeF's API: look inside, rotate keys, program faults. */
export function registerControl(app: FastifyInstance, world: World): void {
  app.get('/_emulator/stats', () => statsView(world));
  app.get('/_emulator/registry', () => registryView(world));

  app.post('/_emulator/keys/rotate', async (request, reply) => {
    const rotation = rotationSchema.safeParse(request.body ?? {});
    if (!rotation.success) return reply.status(400).send({ error: z.prettifyError(rotation.error) });
    await world.keys.rotate(rotation.data);
    return world.keys.published();
  });

  app.post('/_emulator/tokens', (request, reply) => {
    const wanted = tokenSchema.safeParse(request.body);
    if (!wanted.success) return reply.status(400).send({ error: z.prettifyError(wanted.error) });
    const { referenceNumber, token } = issueToken(world, wanted.data.nip, wanted.data.permissions);
    return reply.status(201).send({ referenceNumber, token });
  });

  app.post('/_emulator/certificates', async (request, reply) => {
    const order = certificateOrderSchema.safeParse(request.body);
    if (!order.success) return reply.status(400).send({ error: z.prettifyError(order.error) });
    return reply.status(201).send(await world.authority.issue(order.data));
  });

  registerFaults(app, world);
}
