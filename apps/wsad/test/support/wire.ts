/** Holds every exchange with the emulator against the official specification: our client's requests and the answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '@wsad/emulator';
import { createOpenApiGuard } from '@wsad/emulator/openapi-guard';
import { describeWithOfficialFiles, officialFiles } from '@wsad/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';

export interface Wire {
  readonly onExchange: (exchange: Exchange) => void;
  /** How many exchanges there were so far. */
  count(): number;
  /** What the specification has against them; those that a programmed fault made up are not looked at. */
  readonly problems: readonly string[];
  /** Addresses of the UPO pages that KSeF named last for the session, in order. */
  receiptUrls(sessionReference: string): string[];
}

const withReceipts = z.object({
  upo: z.object({ pages: z.array(z.object({ downloadUrl: z.string() })) }),
});

/** One for a whole test file. */
export function watchWire(): Wire {
  const files = officialFiles();
  const guard =
    files === null
      ? null
      : createOpenApiGuard(JSON.parse(readFileSync(join(files.root, 'open-api-2.7.0.json'), 'utf8')));
  let count = 0;
  const problems: string[] = [];
  const receiptUrls = new Map<string, string[]>();
  return {
    count: () => count,
    problems,
    receiptUrls: (reference) => receiptUrls.get(reference) ?? [],
    onExchange(exchange) {
      count += 1;
      if (exchange.faulted) return;
      problems.push(...(guard?.check(exchange) ?? []));
      const status = withReceipts.safeParse(exchange.responseBody);
      if (!status.success) return;
      const urls = status.data.upo.pages.map(({ downloadUrl }) => downloadUrl);
      receiptUrls.set(exchange.path.slice('/sessions/'.length), urls);
    },
  };
}

/** To stand last in the file, since it judges what all tests before it sent. */
export function describeWire(wire: Wire): void {
  describeWithOfficialFiles('what went over the wire', () => {
    it('is as the specification of KSeF says', () => {
      expect(wire.count()).toBeGreaterThan(0);
      expect(wire.problems).toEqual([]);
    });
  });
}
