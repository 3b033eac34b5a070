/** Every error as the ending of the program and as words for a person. */
import { StillUnderWay, WsadProblem, WsadUnreachable } from '@wsad/client';
import type { Ending } from './exit-codes.ts';

/** The command cannot be carried out as it was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** There is no key, or its file cannot be read. */
export class NoKey extends Error {
  override readonly name = 'NoKey';
}

export interface Failure {
  readonly ending: Ending;
  readonly code: string;
  readonly detail: string;
  /** Null where `detail` says it already. */
  readonly whatToDo: string | null;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError)
    return { ending: 'usage', code: 'USAGE', detail: error.message, whatToDo: null };
  if (error instanceof NoKey)
    return { ending: 'keyRefused', code: 'NO_KEY', detail: error.message, whatToDo: null };
  if (error instanceof WsadProblem)
    return { ending: endingOf(error), code: error.code, detail: error.detail, whatToDo: null };
  const { message } = error instanceof Error ? error : { message: String(error) };
  if (error instanceof StillUnderWay)
    return { ending: 'underWay', code: 'STILL_UNDER_WAY', detail: message, whatToDo: error.whatToDo };
  if (error instanceof WsadUnreachable)
    return { ending: 'unreachable', code: 'UNREACHABLE', detail: message, whatToDo: error.whatToDo };
  if (error instanceof Error && error.name === 'AbortError')
    return {
      ending: 'interrupted',
      code: 'INTERRUPTED',
      detail: 'Stopped.',
      whatToDo: 'What was handed in goes on; ask with: wsad status',
    };
  throw error;
}

/** What is no problem of the catalogue was not said by wsad: a proxy, or another program at that address. */
function endingOf({ status, instance }: WsadProblem): Ending {
  if (status === 401 || status === 403) return 'keyRefused';
  return instance === null ? 'unreachable' : 'refused';
}
