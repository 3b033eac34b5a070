import type { Answer, CallOptions, TestApi } from './test-api.ts';
import { ADMIN } from './test-api.ts';

/** A browser's page: it keeps the cookie and names itself in calls that change something. */
export interface Page {
  readonly cookie: string;
  readonly login: Answer;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
}

export async function loginOnPage(api: TestApi, key: string = ADMIN): Promise<Page> {
  const login = await api.call('POST', '/v1/session', { key: null, json: { key } });
  const [cookie = ''] = (login.headers.get('set-cookie') ?? '').split(';');
  return {
    cookie,
    login,
    call: (method, path, options = {}) =>
      api.call(method, path, {
        ...options,
        key: null,
        headers: { cookie, 'x-wsad-page': '1', ...options.headers },
      }),
  };
}
