/** The dashboard in a real browser over the whole of wsad: API, worker, poller, emulator, Redis and PostgreSQL, started once. */
import { describeWithTools } from '@wsad/testkit';
import { expect, it, vi } from 'vitest';
import { openStage } from '../support/stage.ts';
import { connection } from './scenes/connection.ts';
import { firstUse } from './scenes/first-use.ts';
import { held } from './scenes/held.ts';
import { keys } from './scenes/keys.ts';
import { live } from './scenes/live.ts';
import { looks } from './scenes/looks.ts';
import { upload } from './scenes/upload.ts';
import { webhooks } from './scenes/webhooks.ts';

/** Of one test: pages are loaded and judged dozens of times. */
const TEST_MS = 300_000;

describeWithTools('the dashboard in a browser', ['chromium', 'openssl'], () => {
  vi.setConfig({ testTimeout: TEST_MS, hookTimeout: TEST_MS });
  const stage = openStage();

  firstUse(stage);
  held(stage);
  upload(stage);
  connection(stage);
  live(stage);
  webhooks(stage);
  keys(stage);
  looks(stage);

  it('never broke a script or its own content security policy', () => {
    expect(stage.browser.complaints).toEqual([]);
  });
});
