/** The dashboard in a real browser over the whole of wsad: API, worker, poller, emulator and PostgreSQL. */
import { readFile } from 'node:fs/promises';
import { describeWithTools } from '@wsad/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { registerElsewhere } from '../../../wsad/test/support/elsewhere.ts';
import { invoiceOf, invoicesOf, newSeller } from '../../../wsad/test/support/sellers.ts';
import { type System, startSystem } from '../../../wsad/test/support/system.ts';
import { watchWire } from '../../../wsad/test/support/wire.ts';
import { startBrowser, type TestBrowser, violations } from '../support/browser.ts';

const INVOICES = 500;
/** Of one test: pages are loaded and judged dozens of times. */
const TEST_MS = 300_000;
const PATIENCE_MS = 60_000;

describeWithTools('the dashboard in a browser', ['chromium'], () => {
  let system: System;
  let browser: TestBrowser;
  let page: Page;
  const nip = newSeller();
  vi.setConfig({ testTimeout: TEST_MS });

  beforeAll(async () => {
    system = await startSystem({ queue: 'postgres', lingerMs: 20, wire: watchWire() });
    browser = await startBrowser(system.api.url);
    page = await browser.open();
  });
  afterAll(async () => {
    await browser?.close();
    await system?.close();
  });

  const checked = async (name: string) => {
    await browser.picture(page, name);
    expect(await violations(page)).toEqual([]);
  };

  it('lets in with a key, refuses a wrong one in plain words, and comes back to where one was', async () => {
    await page.goto('/held');
    await page.getByLabel('Twój klucz').fill('nobody');
    await page.getByRole('button', { name: 'Zaloguj', exact: true }).click();
    await page.getByText('Ten klucz jest nieważny').waitFor();
    await checked('login');
    await page.getByLabel('Twój klucz').fill(system.api.key);
    await page.getByRole('button', { name: 'Zaloguj', exact: true }).click();
    await page.getByText('Nic na Ciebie nie czeka.').waitFor();
    await checked('held-none');
  });

  it('explains a refused login, and logs in with good credentials', async () => {
    await page.getByRole('link', { name: 'Połączenie' }).click();
    await page.getByRole('button', { name: 'Dodaj pierwszego sprzedawcę' }).click();
    await page.getByLabel('NIP sprzedawcy').fill(nip);
    await page.getByLabel('Token', { exact: true }).fill('bad token');
    await checked('credentials');
    await page.getByRole('button', { name: 'Zapisz i zaloguj' }).click();
    await page.getByText('Niegotowe: KSeF odmówił zalogowania').waitFor();
    await page.getByText('Token jest błędny, nieaktywny lub unieważniony').waitFor();
    await checked('seller-refused');
    await page.getByRole('button', { name: 'Podaj dane logowania' }).click();
    await page.getByLabel('Token', { exact: true }).fill('a good token');
    await page.getByRole('button', { name: 'Zapisz i zaloguj' }).click();
    await page.getByText('Gotowe do wysyłania').waitFor();
    await page.getByText('Ta jest używana').waitFor();
    await checked('seller-ready');
  });

  it('takes 500 invoices and shows them clear, with a report', async () => {
    await page.getByRole('link', { name: 'Wyślij faktury' }).click();
    const files = invoicesOf(nip, INVOICES, 'FV').map(({ xml }, index) => ({
      name: `invoice-${index}.xml`,
      mimeType: 'application/xml',
      buffer: Buffer.from(xml),
    }));
    await page.locator('input[type=file]').setInputFiles(files);
    await page.getByText('500 plików').waitFor();
    await checked('upload');
    await page.getByRole('button', { name: 'Wyślij', exact: true }).click();
    await page.getByText('Przyjęto 500 faktur').waitFor();
    await page.getByRole('link', { name: 'Zobacz, jak idą' }).click();
    await browser.picture(page, 'submission-under-way');
    await page.getByText('Rozstrzygnięto 500 z 500').waitFor();
    await checked('submission');
    const [report] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Raport XLSX' }).click(),
    ]);
    const bytes = await readFile(await report.path());
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
  });

  it('shows an invoice with its UPO to read and to take along', async () => {
    await page.getByRole('link', { name: 'Faktury', exact: true }).click();
    await page.getByLabel('Numer faktury').fill('FV/7');
    await page.getByLabel('Numer faktury').press('Enter');
    await page.getByRole('link', { name: 'FV/7', exact: true }).click();
    await page.getByText('Jest w KSeF i ma swój numer.').waitFor();
    const [upo] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Pobierz UPO' }).click(),
    ]);
    expect(await readFile(await upo.path(), 'utf8')).toContain('Potwierdzenie');
    await page.getByRole('button', { name: 'Pokaż UPO' }).click();
    await page.locator('pre').waitFor();
    await checked('invoice');
  });

  it('lets a person decide on what is held', async () => {
    const other = newSeller();
    await system.api.submit(other, invoicesOf(other, 3, 'H'));
    await page.getByRole('link', { name: 'Wstrzymane' }).click();
    await page.getByText('Brak danych logowania: 3 faktury').waitFor();
    await checked('held');
    await page.getByRole('button', { name: 'Wycofaj wszystkie' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Wycofaj wszystkie' }).click();
    await page.getByText('Nic na Ciebie nie czeka.').waitFor();
    const withdrawn = await system.api.invoices(other);
    expect(withdrawn.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
  });

  it('lets a person tell what became of a doubtful duplicate', async () => {
    const other = newSeller();
    const entry = invoiceOf(other, 'D/1');
    const ksefNumber = await registerElsewhere(system, other, entry.xml);
    const unknown = {
      status: 404,
      body: { title: 'Not Found', status: 404, detail: 'Nie ma takiej faktury.' },
    };
    system.emulator.control.addFault({ operation: 'GET /invoices/ksef/{n}', times: 100, ...unknown });
    await system.api.putToken(other);
    const { submissionId } = await system.api.submit(other, [entry]);
    await system.api.atRest(submissionId, PATIENCE_MS);
    await page.getByText('Być może duplikat: 1 faktura').waitFor();
    await page.getByRole('link', { name: 'Rozstrzygnij po kolei' }).click();
    await page.getByRole('link', { name: 'D/1' }).click();
    await page.getByRole('button', { name: 'Rozstrzygnij' }).click();
    await page.getByLabel('Numer KSeF').fill('not one');
    await page.getByRole('button', { name: 'To ta sama' }).click();
    await page.getByText('To nie jest numer KSeF tej faktury').waitFor();
    await checked('resolve');
    await page.getByLabel('Numer KSeF').fill(ksefNumber);
    await page.getByRole('button', { name: 'To ta sama' }).click();
    await page.getByText('Jest w KSeF i ma swój numer.').waitFor();
    await page.getByRole('link', { name: 'Wstrzymane' }).click();
    await page.getByText('Nic na Ciebie nie czeka.').waitFor();
  });

  it('has nothing that axe finds wrong on any page, wide or narrow, light or dark', async () => {
    const addresses = [
      'connection',
      'overview',
      'upload',
      'submissions',
      'invoices',
      'held',
      'sessions',
      'keys',
    ];
    const session = (await system.api.sessions(nip))[0]?.id ?? '';
    const state = await page.context().storageState();
    for (const look of [{}, { width: 360, colorScheme: 'dark' as const }]) {
      const other = await browser.open(look);
      await other.context().addCookies(state.cookies);
      for (const address of [...addresses, `connection/${nip}`, `sessions/${session}`]) {
        await other.goto(`/${address}`);
        await other.locator('h1').waitFor();
        await other.getByText('Wczytywanie…').waitFor({ state: 'detached' });
        await browser.picture(other, `${address.replaceAll('/', '-')}-${look.width ?? 'wide'}`);
        expect(await violations(other), address).toEqual([]);
        expect(await other.evaluate('document.documentElement.scrollWidth'), address).toBeLessThanOrEqual(
          look.width ?? 1280,
        );
      }
      await other.close();
    }
  });

  it('shows whose key is for one seller that seller at once, and nothing that the key may not do', async () => {
    const made = await system.api.call('POST', '/v1/keys', {
      name: 'bookkeeper',
      role: 'read',
      sellers: [nip],
    });
    const { key } = (await made.json()) as { key: string };
    const reader = await browser.open({ locale: 'en-GB' });
    await reader.goto('/');
    await reader.getByLabel('Your key').fill(key);
    await reader.getByRole('button', { name: 'Log in', exact: true }).click();
    await reader.getByText('Ready to send', { exact: true }).waitFor();
    await browser.picture(reader, 'bookkeeper');
    for (const name of ['Pause sending', 'Replace credentials', 'Log in to KSeF now', 'End session'])
      expect(await reader.getByRole('button', { name }).count(), name).toBe(0);
    expect(await reader.getByRole('link', { name: 'Keys' }).count()).toBe(0);
    await reader.close();
  });

  it('speaks English once asked to, also after a reload, and logs out', async () => {
    await page.getByLabel('Język').selectOption('en');
    await page.getByRole('heading', { name: 'Held invoices' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Held invoices' }).waitFor();
    await checked('english');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Your key').waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });

  it('never broke a script or its own content security policy', () => {
    expect(browser.complaints).toEqual([]);
  });
});
