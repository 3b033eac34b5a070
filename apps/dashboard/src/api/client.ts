/** The API as the page calls it: by the cookie of its session, every refusal as a thrown Refusal. */
import { createWsadClient } from '@wsad/client';
import { Refusal, refusalOf } from './refusal.ts';

/** Says that a call that changes something comes from our own page. */
export const PAGE_HEADERS = { 'x-wsad-page': '1' };

export const api = createWsadClient({ headers: PAGE_HEADERS });

interface Answer<Body> {
  readonly data?: Body | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of an answer that went well. */
export async function answered<Body>(call: Promise<Answer<Body>>): Promise<Body> {
  const { data, error, response } = await reached(call);
  if (!response.ok) throw refusalOf(response.status, error);
  return data as Body;
}

/** For calls that answer 202 while the matter is under way: null then. */
export async function answeredWhenReady<Body>(
  call: Promise<Answer<Body>>,
): Promise<Exclude<Body, Pending> | null> {
  const { data, error, response } = await reached(call);
  if (!response.ok) throw refusalOf(response.status, error);
  return response.status === 202 ? null : (data as Exclude<Body, Pending>);
}

interface Pending {
  readonly status: 'pending';
}

async function reached<Body>(call: Promise<Answer<Body>>): Promise<Answer<Body>> {
  try {
    return await call;
  } catch (cause) {
    throw new Refusal({ status: 0, code: 'OFFLINE', detail: '' }, { cause });
  }
}
