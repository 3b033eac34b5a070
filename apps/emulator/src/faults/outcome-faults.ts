/** Faults of what calls are about: logins, sessions and invoices that come to another end than they deserve. */
import type { LoginCode } from '../auth/logins.ts';
import { type BatchSessionCode, type InvoiceCode, uploadedTooLate } from '../sessions/model.ts';
import { operationOf } from './calls.ts';
import type { FaultTable } from './program.ts';
import type { BatchEnd, DuplicateProgram, SessionEnd } from './troubles.ts';

const documented = 'open-api 2.7.0';
const LOGIN_LOOKS = 5;

const originals = { own: "the sender's own same bytes", foreign: "somebody else's other bytes" };
const namings = {
  right: 'names its original',
  missing: 'does not name its original',
  wrong: 'names an original that does not exist',
};

export const loginFaults: FaultTable = {
  'login-stays-100': {
    title: `a login stays in progress (100) for ${LOGIN_LOOKS} looks more`,
    source: documented,
    program: { login: { looks: LOGIN_LOOKS } },
  },
  'login-ends-415': login(415, 'nobody has given a permission', 'Brak przypisanych uprawnień'),
  'login-ends-425': login(
    425,
    'it was revoked',
    'Uwierzytelnienie i powiązane refresh tokeny zostały unieważnione przez użytkownika',
  ),
  'login-ends-450': login(450, 'the token is not good', 'Nieprawidłowy token'),
  'login-ends-460': login(460, 'the certificate is not good', 'Certyfikat odwołany'),
  'login-ends-470': login(
    470,
    'the means belong to a dead person',
    'Próba wykorzystania metod autoryzacyjnych osoby zmarłej',
  ),
  'login-ends-480': login(480, 'the context is blocked', 'Podejrzenie incydentu bezpieczeństwa.'),
  'login-ends-500': login(500, 'an unknown error'),
  'login-ends-550': login(
    550,
    'cancelled by the system: try again',
    'Przetwarzanie zostało przerwane z przyczyn wewnętrznych systemu. Spróbuj ponownie',
  ),
};

export const sessionFaults: FaultTable = {
  'upload-cancels': {
    title: 'an upload answers 201 and its batch session is cancelled (440)',
    source: 'seen #308',
    program: { session: { when: 'uploaded', end: uploadedTooLate } },
  },
  'batch-405': batch(405, 'parts differ from what was declared, though they do not', 'seen #590'),
  'batch-415': batch(415, 'the key cannot be opened', documented),
  'batch-420': batch(420, 'too many invoices', documented),
  'batch-430': batch(430, 'the archive cannot be unpacked', documented),
  'batch-435': batch(435, 'a part cannot be decrypted', documented),
  'batch-440': batch(440, 'cancelled', documented),
  'batch-500': batch(500, 'an unknown error', documented),
  'batch-500-registered': {
    title: 'a closed batch session ends with 500, though its invoices were judged and registered',
    source: 'derived',
    program: { session: { when: 'batchJudged', end: { code: 500 } } },
  },
  'batch-close-21208': {
    title: `${operationOf('batch-close')}: the time to upload has run out, and the session is cancelled (440)`,
    source: documented,
    program: { session: { when: 'closing', end: uploadedTooLate } },
  },
  'batch-445': {
    title: 'a batch session ends with 445: every invoice in it is a duplicate of an own one',
    source: 'seen #786',
    program: {
      session: { when: 'judged', everyInvoice: { duplicate: { original: 'own', extensions: 'right' } } },
    },
  },
  'online-415': online(415, 'the key cannot be opened'),
  'online-440': online(440, 'cancelled'),
  'online-500': online(500, 'an unknown error'),
};

export const invoiceFaults: FaultTable = {
  'invoice-405': invoice(405, 'cancelled because its session failed'),
  'invoice-410': invoice(410, 'permissions'),
  'invoice-415': invoice(415, 'attachments without consent'),
  'invoice-430': invoice(430, 'the file cannot be read'),
  'invoice-435': invoice(435, 'it cannot be decrypted'),
  'invoice-450': invoice(450, 'semantics', 'Element P_15 jest nieprawidłowy.'),
  'invoice-500': invoice(500, 'an unknown error'),
  'invoice-550': invoice(550, 'cancelled by the system: send it again'),
  'duplicate-of-own': duplicate('own', 'right', documented),
  'duplicate-of-own-unnamed': duplicate('own', 'missing', 'seen #450 #790'),
  'duplicate-of-own-misnamed': duplicate('own', 'wrong', 'seen #450 #790'),
  'duplicate-of-foreign': duplicate('foreign', 'right', documented),
  'duplicate-of-foreign-unnamed': duplicate('foreign', 'missing', 'seen #450 #790'),
  'duplicate-of-foreign-misnamed': duplicate('foreign', 'wrong', 'seen #450 #790'),
};

/** What bisecting has to find: the one invoice that makes its batch sessions fail. */
export const guiltyFaults: FaultTable = {
  'guilty-405': guilty(405),
  'guilty-415': guilty(415),
  'guilty-430': guilty(430),
  'guilty-435': guilty(435),
  'guilty-440': guilty(440),
  'guilty-500': guilty(500),
};

function login(code: LoginCode, why: string, detail?: string): FaultTable[string] {
  const status = detail === undefined ? { code } : { code, details: [detail] };
  return { title: `a login comes to ${code}: ${why}`, source: documented, program: { login: { status } } };
}

function batch(code: BatchSessionCode, why: string, source: string): FaultTable[string] {
  const session = { when: 'batchClosed', end: { code } } as const;
  return { title: `a closed batch session ends with ${code}: ${why}`, source, program: { session } };
}

function online(code: SessionEnd['code'], why: string): FaultTable[string] {
  const session = { when: 'onlineClosed', end: { code } } as const;
  const title = `a closed interactive session ends with ${code}: ${why}`;
  return { title, source: documented, program: { session } };
}

function invoice(code: InvoiceCode, why: string, detail?: string): FaultTable[string] {
  const verdict = detail === undefined ? { code } : { code, details: [detail] };
  return {
    title: `a good invoice comes to ${code}: ${why}`,
    source: documented,
    program: { invoice: { verdict } },
  };
}

function duplicate(
  original: DuplicateProgram['original'],
  extensions: DuplicateProgram['extensions'],
  source: string,
): FaultTable[string] {
  const title = `an invoice is a duplicate (440) of ${originals[original]}; the verdict ${namings[extensions]}`;
  return { title, source, program: { invoice: { duplicate: { original, extensions } } } };
}

function guilty(code: BatchEnd['code']): FaultTable[string] {
  const alone = code === 430 ? 430 : 500;
  const title =
    `every batch session that holds one of the named invoices ends with ${code} and registers none; ` +
    `interactively such an invoice comes to ${alone}`;
  return { title, source: 'derived', program: { guilty: { end: { code }, alone: { code: alone } } } };
}
