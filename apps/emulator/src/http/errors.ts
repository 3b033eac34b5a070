import type { ExceptionCode } from './exception-codes.ts';

export type ExceptionDetail = { code: ExceptionCode; details: string[] };

/** Everything a call can be refused with; how it is worded on the wire is decided in render-error.ts. */
export type Refusal =
  | { kind: 'badRequest'; errors: ExceptionDetail[] }
  | { kind: 'unauthorized'; detail: string }
  | { kind: 'forbidden'; reasonCode: ForbiddenReason; detail: string; security: Record<string, unknown> }
  | { kind: 'tooMany'; retryAfterS: number; detail: string }
  | { kind: 'problem'; status: number; title: string; detail: string };

export type ForbiddenReason = 'missing-permissions' | 'insufficient-resource-access';

export class ApiError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.kind);
    this.name = 'ApiError';
    this.refusal = refusal;
  }
}

export function badRequest(code: ExceptionCode, ...details: string[]): ApiError {
  return new ApiError({ kind: 'badRequest', errors: [{ code, details }] });
}

export function badRequests(errors: ExceptionDetail[]): ApiError {
  return new ApiError({ kind: 'badRequest', errors });
}

export function unauthorized(detail = 'Wymagane jest uwierzytelnienie.'): ApiError {
  return new ApiError({ kind: 'unauthorized', detail });
}

export function missingPermissions(anyOf: readonly string[], present: readonly string[]): ApiError {
  return new ApiError({
    kind: 'forbidden',
    reasonCode: 'missing-permissions',
    detail: 'Brak wymaganych uprawnień do wykonania operacji w bieżącym kontekście.',
    security: { requiredAnyOfPermissions: anyOf, presentPermissions: present },
  });
}

export function noAccessToResource(): ApiError {
  return new ApiError({
    kind: 'forbidden',
    reasonCode: 'insufficient-resource-access',
    detail: 'Brak dostępu do wskazanego zasobu.',
    security: {},
  });
}

export function tooManyRequests(retryAfterS: number, detail: string): ApiError {
  return new ApiError({ kind: 'tooMany', retryAfterS, detail });
}

export function problem(status: number, title: string, detail: string): ApiError {
  return new ApiError({ kind: 'problem', status, title, detail });
}
