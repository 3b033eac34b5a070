/** From the login to the UPO of the first invoice: by the keyboard alone. */
import { expect, it } from 'vitest';
import { readCsv } from '../../../../wsad/test/support/csv.ts';
import { invoicesOf } from '../../../../wsad/test/support/sellers.ts';
import { hasFocus, press, reach, type Stage, write } from '../../support/stage.ts';
import { rowsOfWorkbook } from '../../support/workbook.ts';

const INVOICES = 500;

export function firstUse(stage: Stage): void {
  it('lets in with a key, refuses a wrong one in plain words, and comes back to where one was', async () => {
    const { page, system } = stage;
    await page.goto('/held');
    await write(page.getByLabel('Twój klucz'), 'nobody');
    await page.keyboard.press('Enter');
    await page.getByText('Ten klucz jest nieważny').waitFor();
    await stage.checked('login');
    await write(page.getByLabel('Twój klucz'), system.api.key);
    await page.keyboard.press('Enter');
    await page.getByText('Nic na Ciebie nie czeka.').waitFor();
    await stage.checked('held-none');
  });

  it('explains a refused login, and logs in with good credentials', async () => {
    const { page, nip } = stage;
    const token = page.getByLabel('Token', { exact: true });
    await press(page.getByRole('link', { name: 'Połączenie' }));
    await press(page.getByRole('button', { name: 'Dodaj pierwszego sprzedawcę' }));
    await write(page.getByLabel('NIP sprzedawcy'), nip);
    await write(token, 'bad token');
    await stage.checked('credentials');
    await press(page.getByRole('button', { name: 'Zapisz i zaloguj' }));
    await page.getByText('Niegotowe: KSeF odmówił zalogowania').waitFor();
    await page.getByText('Token jest błędny, nieaktywny lub unieważniony').waitFor();
    await stage.checked('seller-refused');
    await press(page.getByRole('button', { name: 'Podaj dane logowania' }));
    await write(token, 'a good token');
    await page.keyboard.press('Enter');
    await page.getByText('Gotowe do wysyłania').waitFor();
    await page.getByText('Ta jest używana').waitFor();
    await stage.checked('seller-ready');
  });

  it('takes 500 invoices and shows them clear, with reports to take along', async () => {
    const { page, nip } = stage;
    await press(page.getByRole('link', { name: 'Wyślij faktury' }));
    const files = invoicesOf(nip, INVOICES, 'FV').map(({ xml }, index) => ({
      name: `invoice-${index}.xml`,
      mimeType: 'application/xml',
      buffer: Buffer.from(xml),
    }));
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      press(page.getByRole('button', { name: 'Wybierz pliki' })),
    ]);
    await chooser.setFiles(files);
    await page.getByText('500 plików').waitFor();
    await stage.checked('upload');
    await press(page.getByRole('button', { name: 'Wyślij', exact: true }));
    await page.getByText('Przyjęto 500 faktur').waitFor();
    await press(page.getByRole('link', { name: 'Zobacz, jak idą' }));
    await stage.browser.picture(page, 'submission-under-way');
    await page.getByText('Rozstrzygnięto 500 z 500').waitFor();
    await stage.checked('submission');
    const csv = await stage.downloaded(() => press(page.getByRole('link', { name: 'Raport CSV' })));
    const lines = readCsv(csv.toString('utf8').replace('\uFEFF', ''));
    expect(lines).toHaveLength(INVOICES);
    expect(new Set(lines.map(({ ksefNumber }) => ksefNumber)).size).toBe(INVOICES);
    const xlsx = await stage.downloaded(() => press(page.getByRole('link', { name: 'Raport XLSX' })));
    const rows = await rowsOfWorkbook(xlsx);
    // In CSV alone, what a spreadsheet would take for a formula has a quote before it.
    const cells = lines.map((line) => Object.values(line).map((cell) => cell.replace(/^'/, '')));
    expect(rows.slice(1)).toEqual(cells);
  });

  it('shows an invoice with its UPO to read and to take along', async () => {
    const { page } = stage;
    await press(page.getByRole('link', { name: 'Faktury', exact: true }));
    await write(page.getByLabel('Numer faktury'), 'FV/7');
    await page.keyboard.press('Enter');
    await press(page.getByRole('link', { name: 'FV/7', exact: true }));
    await page.getByText('Jest w KSeF i ma swój numer.').waitFor();
    const upo = await stage.downloaded(() => press(page.getByRole('link', { name: 'Pobierz UPO' })));
    expect(upo.toString('utf8')).toContain('Potwierdzenie');
    await press(page.getByRole('button', { name: 'Pokaż UPO' }));
    await page.locator('pre').waitFor();
    await stage.checked('invoice');
  });

  it('leaves a dialog by Escape, and goes on where it was opened', async () => {
    const { page, nip } = stage;
    await page.goto(`/connection/${nip}`);
    const opener = page.getByRole('button', { name: 'Wymień dane logowania' });
    await press(opener);
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await hasFocus(opener)).toBe(true);
    await page.reload();
    await reach(page.getByRole('link', { name: 'Przejdź do treści' }));
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement.closest('main') !== null")).toBe(true);
  });
}
