/** Keys from the page: made, used by a bookkeeper, deleted; and the board of queues in the same login. */
import { expect, it } from 'vitest';
import type { Stage } from '../../support/stage.ts';

export function keys(stage: Stage): void {
  it('makes a key that shows its one seller and nothing that it may not do, until it is deleted', async () => {
    const { page, browser, nip } = stage;
    await page.getByRole('link', { name: 'Klucze' }).click();
    await page.getByRole('button', { name: 'Nowy klucz' }).click();
    await page.getByLabel('Nazwa').fill('księgowa');
    await page.getByLabel('Sprzedawcy').fill(nip);
    await stage.checked('key-new');
    await page.getByRole('button', { name: 'Utwórz klucz' }).click();
    const key = await page.locator('pre').textContent();
    await page.getByRole('button', { name: 'Zamknij' }).click();
    await page.getByRole('cell', { name: 'księgowa' }).waitFor();

    const reader = await browser.open({ locale: 'en-GB' });
    await reader.goto('/');
    await reader.getByLabel('Your key').fill(key ?? '');
    await reader.getByRole('button', { name: 'Log in', exact: true }).click();
    await reader.getByText('Ready to send', { exact: true }).waitFor();
    await browser.picture(reader, 'bookkeeper');
    for (const name of ['Pause sending', 'Replace credentials', 'Log in to KSeF now', 'End session'])
      expect(await reader.getByRole('button', { name }).count(), name).toBe(0);
    for (const name of ['Keys', 'Webhooks', 'Queues'])
      expect(await reader.getByRole('link', { name }).count(), name).toBe(0);

    await page.getByRole('row').filter({ hasText: 'księgowa' }).getByRole('button').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Usuń' }).click();
    await page.getByRole('cell', { name: 'księgowa' }).waitFor({ state: 'detached' });
    await reader.getByLabel('Your key').waitFor();
    await reader.context().close();
  });

  it('opens the board of queues in the same login', async () => {
    const { page } = stage;
    await page.getByRole('link', { name: 'Kolejki' }).click();
    await page.waitForURL('**/admin/queues**');
    await page.getByText('dispatch').first().waitFor();
    await stage.browser.picture(page, 'queues');
  });
}
