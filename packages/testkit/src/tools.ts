import { spawnSync } from 'node:child_process';
import { describeWhere } from './official-files.ts';

/** Programs that only tests need, with the package of Debian that brings each; scripts/test-tools.mjs installs them. */
export const TEST_TOOLS = {
  chromium: { argument: '--version', package: 'chromium' },
  openssl: { argument: 'version', package: 'openssl' },
  promtool: { argument: '--version', package: 'prometheus' },
  xmlsec1: { argument: '--version', package: 'xmlsec1' },
} as const;
export type TestTool = keyof typeof TEST_TOOLS;

/** A suite that needs programs: skipped by name where one is missing, failing there under CI=true. */
export function describeWithTools(name: string, tools: readonly TestTool[], suite: () => void): void {
  describeWhere(name, `programs ${tools.join(' and ')}`, () => findTools(tools), suite);
}

function findTools(tools: readonly TestTool[]): true | null {
  const missing = tools.filter((tool) => spawnSync(tool, [TEST_TOOLS[tool].argument]).status !== 0);
  if (missing.length === 0) return true;
  if (process.env.CI !== 'true') return null;
  throw new Error(`not on the PATH: ${missing.map((tool) => TEST_TOOLS[tool].package).join(', ')}`);
}
