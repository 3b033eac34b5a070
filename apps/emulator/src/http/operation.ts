import type { FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.ts';
import type { LimitGroup } from '../limits/groups.ts';
import type { World } from '../world.ts';

export type Method = 'GET' | 'POST' | 'DELETE' | 'PUT';

export type Answer = {
  status: number;
  body?: unknown;
  type?: string;
  headers?: Record<string, string>;
};

export type Call = {
  world: World;
  request: FastifyRequest;
  body: unknown;
  /** A path parameter by its name in the specification. */
  param(name: string): string;
  query: URLSearchParams;
};

export type ProtectedCall = Call & { caller: Caller };

/** Which bearer token an operation asks for, in the specification's words. */
export type TokenKind = 'AccessToken' | 'RefreshToken' | 'AuthenticationToken';

type Described = {
  method: Method;
  /** The path template exactly as the specification writes it. */
  path: string;
  group: LimitGroup;
};

export type OpenOperation = Described & {
  access: 'open';
  handle: (call: Call) => Answer | Promise<Answer>;
};

export type ProtectedOperation = Described & {
  access: readonly TokenKind[];
  /** The caller needs one of these; none named means any caller will do. */
  anyPermission?: readonly string[];
  handle: (call: ProtectedCall) => Answer | Promise<Answer>;
};

export type Operation = OpenOperation | ProtectedOperation;

export function operationName(operation: { method: string; path: string }): string {
  return `${operation.method} ${operation.path}`;
}

export const noContent: Answer = { status: 204 };

export function json(status: number, body: unknown): Answer {
  return { status, body, type: 'application/json' };
}
