/** What waits for a person: decided for many at once, and for one. */
import { expect, it } from 'vitest';
import { registerElsewhere } from '../../../../wsad/test/support/elsewhere.ts';
import { invoiceOf, invoicesOf, newSeller } from '../../../../wsad/test/support/sellers.ts';
import type { Stage } from '../../support/stage.ts';

const PATIENCE_MS = 60_000;

export function held(stage: Stage): void {
  it('lets a person decide on what is held', async () => {
    const { page, system } = stage;
    const other = newSeller();
    await system.api.submit(other, invoicesOf(other, 3, 'H'));
    await page.getByRole('link', { name: 'Wstrzymane' }).click();
    await page.getByText('Brak danych logowania: 3 faktury').waitFor();
    await stage.checked('held');
    await page.getByRole('button', { name: 'Wycofaj wszystkie' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Wycofaj wszystkie' }).click();
    await page.getByText('Nic na Ciebie nie czeka.').waitFor();
    const withdrawn = await system.api.invoices(other);
    expect(withdrawn.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
  });

  it('lets a person tell what became of a doubtful duplicate', async () => {
    const { page, system } = stage;
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
    await stage.checked('resolve');
    await page.getByLabel('Numer KSeF').fill(ksefNumber);
    await page.getByRole('button', { name: 'To ta sama' }).click();
    await page.getByText('Jest w KSeF i ma swój numer.').waitFor();
    await page.getByRole('link', { name: 'Wstrzymane' }).click();
    await page.getByText('Nic na Ciebie nie czeka.').waitFor();
  });
}
