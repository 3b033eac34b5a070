import { expect, it } from 'vitest';
import { ACCESS_TOKEN, SESSION } from './support/happy-ksef.ts';
import type { Reply } from './support/scripted-server.ts';
import { exceptionReply, faultOf, NIP, startWorld } from './support/world.ts';

const PATH = `GET /sessions/${SESSION}`;
const status: Reply = { json: { status: { code: 100, description: 'otwarta' } } };
const warning = (text: string, reply: Reply = status): Reply => ({
  ...reply,
  headers: { 'x-system-warning': text },
});

async function told(...replies: Reply[]) {
  const world = await startWorld({ [PATH]: replies });
  const ask = () => world.client.sessionStatus(NIP, ACCESS_TOKEN, SESSION);
  const texts = () => world.events.flatMap((event) => (event.type === 'ksef.warned' ? [event.text] : []));
  return { ...world, ask, texts };
}

it('tells each announcement by itself, and the same one again only after ten minutes', async () => {
  const { ask, texts, clock } = await told(warning('[10]: Przerwa 1.12 | [11]: Nowa wersja'));
  await ask();
  await ask();
  expect(texts()).toEqual(['[10]: Przerwa 1.12', '[11]: Nowa wersja']);
  clock.now = new Date(clock.now.getTime() + 600_000);
  await ask();
  expect(texts()).toHaveLength(4);
});

it('hears them beside a refusal too', async () => {
  const { ask, texts } = await told(warning('[10]: Przerwa', exceptionReply(21173)));
  await faultOf(ask());
  expect(texts()).toEqual(['[10]: Przerwa']);
});

it('keeps within bounds whatever the header holds', async () => {
  const many = Array.from({ length: 30 }, (_, index) => `[${index}]: ${'x'.repeat(600)}`).join('|');
  const { ask, texts } = await told(warning(' | || '), warning(many.slice(0, 12_000)));
  await ask();
  expect(texts()).toEqual([]);
  await ask();
  expect(texts().length).toBeLessThanOrEqual(20);
  expect(texts().every((text) => text.length <= 500)).toBe(true);
});
