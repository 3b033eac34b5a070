/** What every scene plays on: the whole of wsad, one browser, and the page of somebody at work. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { newSeller } from '../../../wsad/test/support/sellers.ts';
import { type System, startSystem } from '../../../wsad/test/support/system.ts';
import { watchWire } from '../../../wsad/test/support/wire.ts';
import { startBrowser, type TestBrowser, violations } from './browser.ts';

export interface Stage {
  readonly system: System;
  readonly browser: TestBrowser;
  readonly page: Page;
  /** The seller that the first scene adds. */
  readonly nip: string;
  /** Takes a picture, and expects that axe finds nothing wrong. */
  checked(name: string): Promise<void>;
  /** What a link gives to download. */
  downloaded(act: () => Promise<unknown>): Promise<Buffer>;
  /** A file on the disk, as a person has it. */
  file(name: string, content: string | Uint8Array): Promise<string>;
}

/** Opened before the first test of a suite and closed after its last. */
export function openStage(): Stage {
  let system: System;
  let browser: TestBrowser;
  let page: Page;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wsad-files-'));
    system = await startSystem({ queue: 'redis', lingerMs: 20, wire: watchWire() });
    browser = await startBrowser(system.api.url);
    page = await browser.open();
  });
  afterAll(async () => {
    await browser?.close();
    await system?.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    nip: newSeller(),
    get system() {
      return system;
    },
    get browser() {
      return browser;
    },
    get page() {
      return page;
    },
    async checked(name) {
      await browser.picture(page, name);
      expect(await violations(page), name).toEqual([]);
    },
    async downloaded(act) {
      const [download] = await Promise.all([page.waitForEvent('download'), act()]);
      return await readFile(await download.path());
    },
    async file(name, content) {
      const path = join(folder, `${randomBytes(4).toString('hex')}-${name}`);
      await writeFile(path, content);
      return path;
    },
  };
}

const STEPS_MAX = 120;

/** Goes on with Tab until it has the focus, as somebody without a mouse does. */
export async function reach(wanted: Locator): Promise<void> {
  await wanted.waitFor();
  const { keyboard } = wanted.page();
  for (let step = 0; step < STEPS_MAX; step += 1) {
    if (await hasFocus(wanted)) return;
    await keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${wanted}`);
}

export async function hasFocus(wanted: Locator): Promise<boolean> {
  return await wanted.evaluate((element) => element.matches(':focus'));
}

/** Follows a link or presses a button by the keyboard alone. */
export async function press(wanted: Locator): Promise<void> {
  await reach(wanted);
  await wanted.page().keyboard.press('Enter');
}

/** Writes into a field by the keyboard alone, over what is there. */
export async function write(field: Locator, text: string): Promise<void> {
  await reach(field);
  const { keyboard } = field.page();
  await keyboard.press('Control+A');
  await keyboard.type(text);
}
