/** Hands files in with progress, which fetch does not tell of what goes up. */
import type { Schemas } from '@wsad/client';
import { PAGE_HEADERS } from './client.ts';
import { Refusal, refusalOf } from './refusal.ts';

export type Submitted = Schemas['Submitted'];

export interface HandIn {
  readonly nip: string;
  readonly files: readonly File[];
  /** The same for a repetition, so that nothing is handed in twice. */
  readonly idempotencyKey: string;
  readonly offline: boolean;
  readonly onProgress: (sentBytes: number) => void;
}

/** An answer that refuses all (422) has the same list as one that takes some. */
export function handIn({ nip, files, idempotencyKey, offline, onProgress }: HandIn): Promise<Submitted> {
  const form = new FormData();
  for (const file of files) form.append('file', file, file.name);
  const request = new XMLHttpRequest();
  request.open('POST', `/v1/sellers/${nip}/invoices${offline ? '?offline=true' : ''}`);
  const headers = { ...PAGE_HEADERS, 'idempotency-key': idempotencyKey };
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
  return new Promise((resolve, reject) => {
    request.addEventListener('error', () => reject(new Refusal({ status: 0, code: 'OFFLINE', detail: '' })));
    request.addEventListener('load', () => {
      const body = bodyOf(request.responseText);
      if (request.status === 202 || isAllRefused(request.status, body)) resolve(body as Submitted);
      else reject(refusalOf(request.status, body));
    });
    request.send(form);
  });
}

function isAllRefused(status: number, body: unknown): boolean {
  return status === 422 && typeof body === 'object' && body !== null && 'invoices' in body;
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
