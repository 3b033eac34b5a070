/** Every page in every look: by axe, without a bar to scroll sideways; and both languages. */
import { expect, it } from 'vitest';
import { type Look, violations } from '../../support/browser.ts';
import type { Stage } from '../../support/stage.ts';

const WIDTHS = [1280, 360];
const COLOURS: readonly NonNullable<Look['colorScheme']>[] = ['light', 'dark'];
const PAGES = ['overview', 'upload', 'submissions', 'invoices', 'held', 'sessions', 'webhooks', 'keys'];

export function looks(stage: Stage): void {
  it('has nothing that axe finds wrong on any page, wide or narrow, light or dark', async () => {
    const { page, browser, system, nip } = stage;
    const [session] = await system.api.sessions(nip);
    const made = await system.api.call('POST', '/v1/webhooks', {
      url: 'https://shop.example/',
      sellers: 'all',
    });
    const { id: webhook } = (await made.json()) as { id: string };
    const [invoice] = await system.api.invoices(nip);
    const ones = [
      `connection/${nip}`,
      `sessions/${session?.id}`,
      `webhooks/${webhook}`,
      `invoices/${invoice?.id}`,
    ];
    for (const address of ['connection', ...PAGES, ...ones]) {
      await page.goto(`/${address}`);
      await page.locator('h1').waitFor();
      await page.getByText('Wczytywanie…').waitFor({ state: 'detached' });
      for (const width of WIDTHS)
        for (const colorScheme of COLOURS) {
          const look = `${address.replaceAll('/', '-')}-${width}-${colorScheme}`;
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          await browser.picture(page, look);
          expect(await violations(page), look).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth'), look).toBeLessThanOrEqual(
            width,
          );
        }
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.emulateMedia({ colorScheme: 'light' });
    }
  });

  it('keeps few rows of a long list in the page, however far one scrolls', async () => {
    const { page } = stage;
    await page.goto('/invoices');
    const table = page.getByRole('table');
    const scrolled = async () => {
      await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return Number(await table.getAttribute('aria-rowcount'));
    };
    await expect.poll(scrolled, { timeout: 60_000 }).toBeGreaterThan(400);
    expect(await table.getByRole('row').count()).toBeLessThan(60);
  });

  it('speaks English once asked to, also after a reload, and logs out', async () => {
    const { page } = stage;
    await page.goto('/held');
    await page.getByLabel('Język').selectOption('en');
    await page.getByRole('heading', { name: 'Held invoices' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Held invoices' }).waitFor();
    await stage.checked('english');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Your key').waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });
}
