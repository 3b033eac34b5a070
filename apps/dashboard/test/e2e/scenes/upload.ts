/** Handing in by drag and drop, as the browser itself does it with files from a desktop. */
import { buffer } from 'node:stream/consumers';
import type { Locator } from 'playwright-core';
import { it } from 'vitest';
import { ZipFile } from 'yazl';
import { invoicesOf } from '../../../../wsad/test/support/sellers.ts';
import type { Stage } from '../../support/stage.ts';

export function upload(stage: Stage): void {
  it('takes XML files and an archive that are dropped on it', async () => {
    const { page, nip } = stage;
    const xmls = invoicesOf(nip, 2, 'DROP').map(({ xml }) => xml);
    const archive = new ZipFile();
    for (const [index, { xml }] of invoicesOf(nip, 3, 'ZIP').entries())
      archive.addBuffer(Buffer.from(xml), `${index}.xml`);
    archive.end();
    await page.getByRole('link', { name: 'Wyślij faktury' }).click();
    await page.getByLabel('Sprzedawca (NIP)').fill(nip);
    const place = page.locator('.drop');
    await drop(place, await Promise.all(xmls.map((xml) => stage.file('invoice.xml', xml))));
    await page.getByText('2 pliki').waitFor();
    await page.getByRole('button', { name: 'Wyślij', exact: true }).click();
    await page.getByText('Przyjęto 2 faktury').waitFor();
    await drop(place, [await stage.file('invoices.zip', await buffer(archive.outputStream))]);
    await page.getByText('1 plik').waitFor();
    await page.getByRole('button', { name: 'Wyślij', exact: true }).click();
    await page.getByText('Przyjęto 3 faktury').waitFor();
  });
}

/** Files are dragged over it and let go. */
async function drop(place: Locator, files: readonly string[]): Promise<void> {
  const box = await place.boundingBox();
  if (box === null) throw new Error('there is nowhere to drop files');
  const browser = await place.page().context().newCDPSession(place.page());
  const where = { x: box.x + box.width / 2, y: box.y + 20 };
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await browser.send('Input.dispatchDragEvent', { ...where, type, data });
  await browser.detach();
}
