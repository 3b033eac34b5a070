import { readConfig } from '@wsad/config';
import { WrongEnvironment } from '@wsad/ledger';
import { expect, it } from 'vitest';
import { whyNotStarted } from '../src/why-not-started.ts';

function failed(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

it.each([
  [thrownBy(() => readConfig({ KSEF_ENV: 'PROD' }, { role: 'all' })), /^KSEF_ENV must be/],
  [new WrongEnvironment('TEST', 'PRD'), /^this database belongs to the KSeF environment TEST/],
  [failed('connect ECONNREFUSED 127.0.0.1:9', 'ECONNREFUSED'), /^DATABASE_URL cannot be used: connect/],
  [failed('', 'ECONNREFUSED'), /^DATABASE_URL cannot be used: ECONNREFUSED$/],
  [
    failed('password authentication failed for user "wsad"', '28P01'),
    /^DATABASE_URL cannot be used: password/,
  ],
  [failed('listen EADDRINUSE: address already in use ::1:8080', 'EADDRINUSE'), /: set API_PORT to a port/],
])('says in one line what is for the starter to mend: %s', (error, line) => {
  const said = whyNotStarted(error);
  expect(said).toMatch(line);
  expect(said.split('\n')).toHaveLength(1);
});

it('shows where a fault of our own lies', () => {
  expect(whyNotStarted(new TypeError('x is not a function'))).toMatch(
    /TypeError: x is not a function\n +at /,
  );
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
