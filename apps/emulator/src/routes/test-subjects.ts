import { z } from 'zod';
import { nipSchema } from '../auth/context-schema.ts';
import { badRequest } from '../http/errors.ts';
import { parseInput } from '../http/input.ts';
import { type Answer, type Call, json, type Operation, type ProtectedCall } from '../http/operation.ts';

const done: Answer = { status: 200 };

/** Persons and firms of the test environment, and the limits of their certificates. */
export const testSubjectOperations: readonly Operation[] = [
  { method: 'POST', path: '/testdata/person', access: 'open', group: 'auth', handle: addPerson },
  { method: 'POST', path: '/testdata/person/remove', access: 'open', group: 'auth', handle: removePerson },
  { method: 'POST', path: '/testdata/subject', access: 'open', group: 'auth', handle: addSubject },
  { method: 'POST', path: '/testdata/subject/remove', access: 'open', group: 'auth', handle: removeSubject },
  {
    method: 'POST',
    path: '/testdata/limits/subject/certificate',
    access: ['AccessToken'],
    group: 'other',
    handle: setLimits,
  },
  {
    method: 'DELETE',
    path: '/testdata/limits/subject/certificate',
    access: ['AccessToken'],
    group: 'other',
    handle: resetLimits,
  },
  {
    method: 'GET',
    path: '/limits/subject',
    access: ['AccessToken'],
    group: 'other',
    handle: showLimits,
  },
];

const description = z.string().min(5).max(256);
const createdDate = z.iso.datetime({ offset: true, local: true }).nullish();

const personSchema = z.object({
  nip: nipSchema,
  pesel: z.string().regex(/^\d{11}$/),
  isBailiff: z.boolean(),
  description,
  isDeceased: z.boolean().default(false),
  createdDate,
});

const subjectSchema = z.object({
  subjectNip: nipSchema,
  subjectType: z.enum(['EnforcementAuthority', 'VatGroup', 'JST']),
  subunits: z.array(z.object({ subjectNip: nipSchema, description })).nullish(),
  description,
  createdDate,
});

const subjectLimitsSchema = z.object({
  subjectIdentifierType: z.enum(['Nip', 'Pesel', 'Fingerprint']).optional(),
  enrollment: z.object({ maxEnrollments: z.int().min(0).nullish() }).nullish(),
  certificate: z.object({ maxCertificates: z.int().min(0).nullish() }).nullish(),
});

function addPerson({ world, body }: Call): Answer {
  const { nip, pesel, isDeceased } = parseInput(personSchema, body);
  if (world.testdata.persons.has(nip)) throw badRequest(30001);
  world.testdata.persons.set(nip, { nip, pesel, isDeceased });
  return done;
}

function removePerson({ world, body }: Call): Answer {
  world.testdata.persons.delete(parseInput(z.object({ nip: nipSchema }), body).nip);
  return done;
}

/** A group and its units are remembered against being made twice; sending does not depend on them. */
function addSubject({ world, body }: Call): Answer {
  const { subjectNip, subunits } = parseInput(subjectSchema, body);
  const nips = [subjectNip, ...(subunits ?? []).map((unit) => unit.subjectNip)];
  if (nips.some((nip) => world.testdata.subjects.has(nip))) throw badRequest(30001);
  for (const nip of nips) world.testdata.subjects.set(nip, subjectNip);
  return done;
}

function removeSubject({ world, body }: Call): Answer {
  const { subjectNip } = parseInput(z.object({ subjectNip: nipSchema }), body);
  const { subjects } = world.testdata;
  for (const [nip, group] of subjects) if (group === subjectNip) subjects.delete(nip);
  return done;
}

function setLimits({ world, caller, body }: ProtectedCall): Answer {
  world.testdata.overrideSubjectLimits(caller.identifier, parseInput(subjectLimitsSchema, body));
  return done;
}

function resetLimits({ world, caller }: ProtectedCall): Answer {
  world.testdata.overrideSubjectLimits(caller.identifier, {});
  return done;
}

function showLimits({ world, caller }: ProtectedCall): Answer {
  return json(200, world.testdata.subjectLimits(caller.identifier));
}
