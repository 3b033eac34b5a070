/** Calls wsad's API with the types of its own description (contract.ts, generated). */
import createOpenApiClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './contract.ts';

export type Schemas = components['schemas'];
export type WsadClient = Client<paths>;

export interface ClientOptions {
  /** Where the API answers, such as http://127.0.0.1:8080; a page of its own needs none. */
  readonly baseUrl?: string;
  /** An API key; a page has the cookie of its session instead. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: (request: Request) => Promise<Response>;
}

export function createWsadClient({ baseUrl = '', key, headers = {}, fetch }: ClientOptions): WsadClient {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return createOpenApiClient<paths>({
    baseUrl,
    headers: { ...headers, ...authorization },
    ...(fetch === undefined ? {} : { fetch }),
  });
}
