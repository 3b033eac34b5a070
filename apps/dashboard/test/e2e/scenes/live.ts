/** The overview as it changes: told by the stream alone, without asking anew. */
import { expect, it } from 'vitest';
import { invoicesOf } from '../../../../wsad/test/support/sellers.ts';
import type { Stage } from '../../support/stage.ts';

export function live(stage: Stage): void {
  it('pauses everything, tells it live, and moves the numbers without a reload once it goes on', async () => {
    const { page, system, nip } = stage;
    const asked: string[] = [];
    await page.getByRole('link', { name: 'Przegląd' }).click();
    const tile = (name: string) => page.locator('.tile').filter({ hasText: name }).first().locator('b');
    const told = async (name: string) => Number((await tile(name).textContent())?.replaceAll(/\D/g, ''));
    await tile('Przekazane').waitFor();
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('button', { name: 'Wstrzymaj wszystko' }).click();
    await page.getByText('Całe wysyłanie jest wstrzymane').waitFor();
    await stage.checked('overview-paused');
    const [accepted, cleared] = [await told('Przekazane'), await told('W KSeF')];
    asked.length = 0;
    const { submissionId } = await system.api.submit(nip, invoicesOf(nip, 20, 'LIVE'));
    await expect.poll(() => told('Przekazane'), { timeout: 60_000 }).toBe(accepted + 20);
    expect(await told('Teraz w kolejce')).toBe(20);
    expect(await told('W KSeF')).toBe(cleared);
    expect(asked).toEqual([]);
    await page.getByRole('button', { name: 'Wznów wszystko' }).click();
    await system.api.atRest(submissionId);
    await expect.poll(() => told('W KSeF'), { timeout: 60_000 }).toBe(cleared + 20);
    await page.getByText('Całe wysyłanie jest wstrzymane').waitFor({ state: 'detached' });
  });
}
