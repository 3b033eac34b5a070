import { expect, test } from 'vitest';
import { type ArchiveFile, tarGz } from './support/archives.ts';
import { at, call, invoicesOf, logIn, packageOf, sendBatch } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, type InvoiceWish, invoiceXml } from './support/invoice.ts';

const harness = useEmulator();

async function seller(): Promise<{ nip: string; token: string }> {
  const nip = freshNip();
  return { nip, token: (await logIn(harness, nip)).access };
}

/** What KSeF says of each file of one batch, in their order. */
async function verdicts(token: string, contents: readonly (string | Buffer)[]): Promise<unknown[]> {
  const files: ArchiveFile[] = contents.map((content, place) => ({ name: `${place}.xml`, content }));
  const { reference } = await sendBatch(harness, token, packageOf(harness, await tarGz(files)));
  return invoicesOf(harness, token, reference);
}

function codes(invoices: readonly unknown[]): unknown[] {
  return invoices.map((invoice) => at(invoice, 'status.code'));
}

const good = (nip: string): string => invoiceXml({ nip, number: 'good' });

test.each<[string, (nip: string) => string | Buffer]>([
  ['a byte order mark', (nip) => `\ufeff${good(nip)}`],
  ['another declared encoding', (nip) => good(nip).replace('UTF-8', 'ISO-8859-2')],
  ['bytes that are no UTF-8', (nip) => Buffer.from(good(nip).replace('ł', '\u00b3'), 'latin1')],
  ['XML 1.1', (nip) => good(nip).replace('version="1.0"', 'version="1.1"')],
  ['a DTD', (nip) => good(nip).replace('<Faktura', '<!DOCTYPE Faktura [<!ENTITY a "b">]>\n<Faktura')],
  ['a processing instruction', (nip) => good(nip).replace('<Fa>', '<?do this?><Fa>')],
  ['a discouraged character', (nip) => good(nip).replace('Usługa', 'Us\u0085ługa\u0090')],
  ['broken markup', (nip) => good(nip).replace('</Fa>', '')],
  ['more than 1,000,000 bytes', (nip) => `${good(nip)}${' '.repeat(1_000_000)}`],
  ['more than 3,000,000 bytes', (nip) => `${good(nip)}${' '.repeat(3_000_000)}`],
  ['no XML at all', () => 'invoice 17, please pay'],
  ['nothing', () => ''],
])('%s is refused with 430, and its neighbour is not', async (_name, make) => {
  const { nip, token } = await seller();
  const invoices = await verdicts(token, [make(nip), good(nip)]);
  expect(codes(invoices)).toEqual([430, 200]);
});

test('the same words in a comment or a text are no fault', async () => {
  const { nip, token } = await seller();
  const commented = good(nip).replace('<Fa>', '<!-- <?no?> <!DOCTYPE --><Fa>');
  const quoted = invoiceXml({ nip, number: 'quoted', note: '<![CDATA[<?no?>]]>' });
  expect(codes(await verdicts(token, [commented, quoted]))).toEqual([200, 200]);
});

test('what the XSD forbids is refused with 450 and said so', async () => {
  const { nip, token } = await seller();
  const [invoice] = await verdicts(token, [good(nip).replace('<P_15>123.00</P_15>', ''), good(nip)]);
  expect(at(invoice, 'status.code')).toBe(450);
  expect(String(at(invoice, 'status.details.0'))).toMatch(/^Linia \d+: .*Adnotacje/);
});

test('an issue date after the day of receipt is refused with 450', async () => {
  const { nip, token } = await seller();
  const dated = (issueDate: string): string => invoiceXml({ nip, number: issueDate, issueDate });
  expect(codes(await verdicts(token, [dated('2026-03-16'), dated('2026-03-17')]))).toEqual([200, 450]);
});

test('an earlier issue date makes an invoice Offline by itself', async () => {
  const { nip, token } = await seller();
  const dated = (issueDate: string): string => invoiceXml({ nip, number: issueDate, issueDate });
  const invoices = await verdicts(token, [dated('2026-03-15'), dated('2026-03-16')]);
  expect(invoices.map((invoice) => at(invoice, 'invoicingMode'))).toEqual(['Offline', 'Online']);
});

test('the day is counted in Warsaw, and begins when the session is opened', async () => {
  harness.clock.set('2026-03-16T22:59:00Z');
  const { nip, token } = await seller();
  const file = { name: 'a.xml', content: invoiceXml({ nip, number: '1', issueDate: '2026-03-16' }) };
  const { reference } = await sendBatch(harness, token, packageOf(harness, await tarGz([file])));
  const [before] = await invoicesOf(harness, token, reference);
  expect(at(before, 'invoicingMode')).toBe('Online');
  harness.clock.set('2026-03-16T23:00:00Z');
  const [after] = await verdicts(token, [invoiceXml({ nip, number: '2', issueDate: '2026-03-16' })]);
  expect(at(after, 'invoicingMode')).toBe('Offline');
});

test('a session declared offline makes every invoice Offline', async () => {
  const { nip, token } = await seller();
  const wanted = packageOf(harness, await tarGz([{ name: 'a.xml', content: good(nip) }]), {
    offlineMode: true,
  });
  const { reference } = await sendBatch(harness, token, wanted);
  expect(at((await invoicesOf(harness, token, reference))[0], 'invoicingMode')).toBe('Offline');
});

test('a duplicate names the session and number of the first, inside one session too', async () => {
  const { nip, token } = await seller();
  const again = invoiceXml({ nip, number: 'good', note: 'Inna treść' });
  const invoices = await verdicts(token, [
    good(nip),
    again,
    invoiceXml({ nip, number: 'good', kind: 'UPR' }),
  ]);
  expect(codes(invoices)).toEqual([200, 440, 200]);
  const original = at(invoices[0], 'ksefNumber');
  expect(at(invoices[1], 'status.extensions')).toMatchObject({ originalKsefNumber: original });
  const [later] = await verdicts(token, [good(nip)]);
  expect(at(later, 'status.extensions.originalKsefNumber')).toBe(original);
  const stranger = await seller();
  expect(codes(await verdicts(stranger.token, [good(stranger.nip)]))).toEqual([200]);
});

test('a seller other than the context is refused with 410, unless it granted the right', async () => {
  const { nip, token } = await seller();
  const other = freshNip();
  const wish: InvoiceWish = { nip: other, number: 'self-invoiced', buyerNip: nip };
  expect(codes(await verdicts(token, [invoiceXml(wish)]))).toEqual([410]);
  const grant = {
    contextIdentifier: { type: 'Nip', value: other },
    authorizedIdentifier: { type: 'Nip', value: nip },
  };
  const permissions = [{ permissionType: 'InvoiceWrite', description: 'self-invoicing' }];
  await call(harness, 'POST', '/testdata/permissions', { body: { ...grant, permissions } });
  expect(codes(await verdicts(token, [invoiceXml(wish)]))).toEqual([200]);
  await call(harness, 'POST', '/testdata/permissions/revoke', { body: grant });
  expect(codes(await verdicts(token, [invoiceXml({ ...wish, number: 'later' })]))).toEqual([410]);
});

test('an attachment needs consent', async () => {
  const { nip, token } = await seller();
  const attached = invoiceXml({ nip, number: 'attached', attachment: true });
  expect(codes(await verdicts(token, [attached]))).toEqual([415]);
  await call(harness, 'POST', '/testdata/attachment', { body: { nip } });
  const consent = await call(harness, 'GET', '/permissions/attachments/status', { token });
  expect(at(consent.body, 'isAttachmentAllowed')).toBe(true);
  const large = invoiceXml({ nip, number: 'large', attachment: true }) + ' '.repeat(2_000_000);
  expect(codes(await verdicts(token, [attached, large]))).toEqual([200, 200]);
  await call(harness, 'POST', '/testdata/attachment/revoke', { body: { nip } });
  expect(codes(await verdicts(token, [invoiceXml({ nip, number: 'later', attachment: true })]))).toEqual([
    415,
  ]);
});
