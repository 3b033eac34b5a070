/** A call that was refused, by the stable code of its problem+json. */

export interface RefusalFacts {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** The request's id in the logs. */
  readonly instance?: string | undefined;
}

export class Refusal extends Error {
  readonly facts: RefusalFacts;

  constructor(facts: RefusalFacts, options?: ErrorOptions) {
    super(facts.detail === '' ? facts.code : facts.detail, options);
    this.facts = facts;
  }
}

/** Whatever came back: a proxy on the way may answer something else than a problem. */
export function refusalOf(status: number, body: unknown): Refusal {
  const { code, detail, instance } = fieldsOf(body);
  return new Refusal({
    status,
    code: typeof code === 'string' ? code : `HTTP_${status}`,
    detail: typeof detail === 'string' ? detail : '',
    instance: typeof instance === 'string' ? instance : undefined,
  });
}

export function isLoggedOut(error: unknown): boolean {
  return error instanceof Refusal && error.facts.code === 'UNAUTHENTICATED';
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
