/** A real browser on the dashboard: pages, what axe has against them, and pictures of them. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Of a stranger's making: it asks for a font from outside, and does not get it. */
const BOARD = '/admin/queues';
const PATIENCE_MS = 60_000;

export interface Look {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
}

export interface TestBrowser {
  open(look?: Look): Promise<Page>;
  /** What the pages complained of: scripts that broke, or were against the page's CSP. */
  readonly complaints: readonly string[];
  /** In the folder that WSAD_PICTURES names; none is taken where it names none. */
  picture(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
}

export async function startBrowser(baseURL: string): Promise<TestBrowser> {
  const folder = process.env.WSAD_PICTURES;
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const browser: Browser = await chromium.launch({
    executablePath: chromiumOnPath(),
    args: ['--no-sandbox', '--headless=new'],
  });
  const complaints: string[] = [];
  return {
    complaints,
    async open({ width = 1280, colorScheme = 'light', locale = 'pl-PL' } = {}) {
      const viewport = { width, height: 900 };
      const context: BrowserContext = await browser.newContext({ baseURL, viewport, colorScheme, locale });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !isOfNetwork(message.text()) && !page.url().includes(BOARD))
          complaints.push(message.text());
      });
      return page;
    },
    async picture(page, name) {
      if (folder !== undefined)
        await page.screenshot({
          path: join(folder, `${name}.png`),
          fullPage: (await page.getByRole('dialog').count()) === 0,
        });
    },
    close: () => browser.close(),
  };
}

/** Playwright looks for no browser but its own by name. */
function chromiumOnPath(): string {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
  return places.find((place) => existsSync(place)) ?? 'chromium';
}

/** The browser itself logs every answer that is no success: being logged out is one. */
function isOfNetwork(text: string): boolean {
  return text.startsWith('Failed to load resource');
}

/** What axe finds wrong on the page as it is now, one line each. */
export async function violations(page: Page): Promise<string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe.source);
  const run = `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} })`;
  const { violations: found } = (await page.evaluate(run)) as axe.AxeResults;
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
