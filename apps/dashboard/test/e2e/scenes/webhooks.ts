/** Webhooks from the page, to a real receiver that fails at first. */
import { type Receiver, startReceiver } from '@wsad/testkit';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSeller } from '../../../../wsad/test/support/sellers.ts';
import { formatNip } from '../../../src/format.ts';
import type { Stage } from '../../support/stage.ts';

export function webhooks(stage: Stage): void {
  let receiver: Receiver;
  let status = 500;
  beforeAll(async () => {
    receiver = await startReceiver((response) => response.writeHead(status).end());
  });
  afterAll(() => receiver.close());

  const button = (name: string) => stage.page.getByRole('button', { name, exact: true });
  const inDialog = (name: string) =>
    stage.page.getByRole('dialog').getByRole('button', { name, exact: true });
  const secretOf = async () => {
    const secret = (await stage.page.locator('pre').textContent()) ?? '';
    await inDialog('Zamknij').click();
    return secret;
  };
  const signatures = (secret: string) => {
    const last = receiver.received.at(-1);
    const at = new Date(Number(last?.headers['webhook-timestamp']) * 1000);
    return new Webhook(secret).sign(String(last?.headers['webhook-id']), at, last?.body ?? '');
  };
  const signed = () => String(receiver.received.at(-1)?.headers['webhook-signature']).split(' ');
  let first: string;

  it('makes one, shows its secret once, and shows how a test fares: it fails, then it is taken', async () => {
    const { page } = stage;
    await page.getByRole('link', { name: 'Powiadomienia' }).click();
    await page.getByText('Nic tu nie ma.').waitFor();
    await button('Nowe powiadomienie').click();
    await page.getByLabel('Adres').fill(receiver.url.replace('127.0.0.1', '10.0.0.1'));
    await page.getByLabel('Bliski termin').uncheck();
    await inDialog('Utwórz powiadomienie').click();
    await page.getByText('Tego adresu wsad nie będzie wywoływać').waitFor();
    await stage.checked('webhook-new');
    await page.getByLabel('Adres').fill(receiver.url);
    await inDialog('Utwórz powiadomienie').click();
    await page.getByText('pokazujemy go tylko raz').waitFor();
    first = await secretOf();
    await page.getByRole('heading', { name: receiver.url }).waitFor();
    await button('Wyślij próbne').click();
    await page.getByRole('row').filter({ hasText: 'Próba' }).getByText('500').waitFor();
    await page.getByText('Zawodzi').waitFor();
    await stage.checked('webhook-failing');
    status = 204;
    await button('Ponów').click();
    await page.getByText('Doręczono').waitFor();
    await page.getByText('Działa').waitFor();
    expect(signed()).toEqual([signatures(first)]);
  });

  it('sends a delivery again under its own id, and signs with both secrets after a rotation', async () => {
    const { page } = stage;
    const times = receiver.received.length;
    await button('Nowy sekret').click();
    await inDialog('Nowy sekret').click();
    const second = await secretOf();
    await page.getByText('Poprzedni sekret też podpisuje do').waitFor();
    await button('Ponów').click();
    await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(times + 1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(signed()).toEqual([signatures(second), signatures(first)]);
    await page.getByText('Doręczono').waitFor();
  });

  it('changes what one tells of, of whom and where to, and leaves the rest as it was', async () => {
    const { page } = stage;
    const sellers = `${stage.nip}, ${newSeller()}`;
    await button('Zmień').click();
    expect(await page.getByLabel('Adres').inputValue()).toBe(receiver.url);
    expect(await page.getByLabel('Bliski termin').isChecked()).toBe(false);
    expect(await page.getByLabel('Faktury w KSeF').isChecked()).toBe(true);
    await page.getByLabel('Adres').fill(receiver.url.replace('127.0.0.1', '10.0.0.1'));
    await inDialog('Zapisz').click();
    await page.getByText('Tego adresu wsad nie będzie wywoływać').waitFor();
    await page.getByLabel('Adres').fill(`${receiver.url}changed`);
    await page.getByLabel('Logowanie do KSeF').uncheck();
    await page.getByLabel('Sprzedawcy').fill(sellers);
    await page.getByLabel('Do czego służy').fill('Dla księgowości');
    await stage.checked('webhook-change');
    await inDialog('Zapisz').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: `${receiver.url}changed` }).waitFor();
    await page.getByText('Dla księgowości').waitFor();
    await page.getByText(sellers.split(', ').map(formatNip).join(', ')).waitFor();
    await button('Zmień').click();
    expect(await page.getByLabel('Sprzedawcy').inputValue()).toBe(sellers);
    expect(await page.getByLabel('Logowanie do KSeF').isChecked()).toBe(false);
    await page.getByLabel('Adres').fill(receiver.url);
    await page.getByLabel('Sprzedawcy').fill('');
    await page.getByLabel('Do czego służy').fill('');
    await inDialog('Zapisz').click();
    await page.getByRole('heading', { name: receiver.url, exact: true }).waitFor();
    await page.getByText('Dla księgowości').waitFor({ state: 'detached' });
  });

  it('disables one, enables it again, and deletes it', async () => {
    const { page } = stage;
    await button('Wyłącz').click();
    await page.getByText('Ktoś je wyłączył.').waitFor();
    expect(await button('Wyślij próbne').isDisabled()).toBe(true);
    await button('Włącz').click();
    await button('Wyłącz').waitFor();
    await page.getByRole('link', { name: 'Powiadomienia' }).click();
    await page.getByRole('row').filter({ hasText: 'Faktury w KSeF, ' }).waitFor();
    await stage.checked('webhooks');
    await page.getByRole('link', { name: receiver.url }).click();
    await button('Usuń').click();
    await inDialog('Usuń').click();
    await page.getByText('Nic tu nie ma.').waitFor();
  });
}
