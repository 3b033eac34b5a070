/** A seller's login: other credentials, a login at once, ending a session at KSeF; and pausing. */
import { testCertificate } from '@wsad/testkit';
import { expect, it } from 'vitest';
import { pkcs12Of } from '../../../../wsad/test/support/pkcs12.ts';
import { invoicesOf, newSeller } from '../../../../wsad/test/support/sellers.ts';
import type { Stage } from '../../support/stage.ts';

const PHRASE = 'a phrase';

export function connection(stage: Stage): void {
  const other = newSeller();
  const subject = [{ O: ['Firma'] }, { '2.5.4.97': [`VATPL-${other}`] }, { CN: ['Firma'] }];
  const dialog = () => stage.page.getByRole('dialog');
  const logins = () =>
    stage.system.exchanges.filter(({ path, status }) => path === '/auth/token/redeem' && status === 200)
      .length;

  const openCredentials = async (kind: string) => {
    await stage.page.getByRole('button', { name: 'Wymień dane logowania' }).click();
    await dialog().getByRole('tab', { name: kind }).click();
  };
  const loggedInAfter = async (act: () => Promise<unknown>) => {
    const before = logins();
    await act();
    await expect.poll(logins, { timeout: 60_000 }).toBeGreaterThan(before);
    await stage.page.getByText('Gotowe do wysyłania').waitFor();
  };

  it('replaces credentials by a certificate in PEM, and by one in PKCS#12', async () => {
    const { page, system } = stage;
    await system.api.putToken(other);
    const { certificatePem, privateKeyPem } = await testCertificate({ subject });
    await page.goto(`/connection/${other}`);
    await page.getByText('Gotowe do wysyłania').waitFor();
    await openCredentials('Certyfikat (PEM)');
    await stage.checked('credentials-pem');
    await dialog()
      .getByLabel('Plik certyfikatu')
      .setInputFiles(await stage.file('seal.pem', certificatePem));
    await dialog()
      .getByLabel('Plik klucza prywatnego')
      .setInputFiles(await stage.file('seal.key', privateKeyPem));
    await loggedInAfter(() => dialog().getByRole('button', { name: 'Zapisz i zaloguj' }).click());
    await page.getByText('Firma, ważny do').waitFor();

    const file = Buffer.from(
      await pkcs12Of(await testCertificate({ key: 'rsa', subject }), PHRASE),
      'base64',
    );
    await openCredentials('Certyfikat (P12)');
    await dialog()
      .getByLabel('Plik .p12')
      .setInputFiles(await stage.file('seal.p12', file));
    await dialog().getByLabel('Hasło klucza').fill('another phrase');
    await dialog().getByRole('button', { name: 'Zapisz i zaloguj' }).click();
    await dialog().getByText('Tych danych logowania nie da się użyć').waitFor();
    await stage.checked('credentials-wrong-phrase');
    await dialog().getByLabel('Hasło klucza').fill(PHRASE);
    await loggedInAfter(() => dialog().getByRole('button', { name: 'Zapisz i zaloguj' }).click());
  });

  it('logs in when asked to, and ends the session that is used', async () => {
    const { page } = stage;
    const used = page.getByRole('row').filter({ hasText: 'Ta jest używana' });
    const referenceOf = async () => (await used.locator('.mono').textContent()) ?? '';
    const before = await referenceOf();
    // There is another where the page has not heard yet of the login before.
    const logIn = page.getByRole('button', { name: 'Zaloguj do KSeF teraz' }).first();
    await loggedInAfter(() => logIn.click());
    await expect.poll(referenceOf, { timeout: 60_000 }).not.toBe(before);
    const reference = await referenceOf();
    await used.getByRole('button', { name: 'Zakończ sesję' }).click();
    await dialog().getByText('Tej sesji używa wsad').waitFor();
    await stage.checked('revoke');
    await dialog().getByRole('button', { name: 'Zakończ sesję' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('cell', { name: reference }).waitFor({ state: 'detached' });
  });

  it('pauses one seller and goes on with it', async () => {
    const { page, system } = stage;
    await page.getByRole('button', { name: 'Wstrzymaj wysyłanie' }).click();
    await page.getByText('Ktoś zatrzymał wysyłanie dla tego sprzedawcy').waitFor();
    await stage.checked('seller-paused');
    const { submissionId } = await system.api.submit(other, invoicesOf(other, 2, 'P'));
    await page.locator('.verdict').getByRole('button', { name: 'Wznów wysyłanie' }).click();
    await page.getByRole('button', { name: 'Wstrzymaj wysyłanie' }).waitFor();
    expect((await system.api.atRest(submissionId)).byState).toEqual({ cleared: 2 });
  });
}
