/** The two ways in which the ledger takes a call in: they must come to the same. */
import type { AcceptCommand, AcceptResult } from '@wsad/domain';
import type { PostgresLedger } from '../../src/index.ts';

export type Way = (ledger: PostgresLedger, command: AcceptCommand) => Promise<AcceptResult[]>;

const PART_INVOICES = 5;

const whole: Way = (ledger, command) => ledger.accept(command);

/** As a large call comes in: in parts that overtake each other. */
const staged: Way = async (ledger, { invoices, ...command }) => {
  const stageId = ledger.newId(command.now);
  const parts = Array.from({ length: Math.ceil(invoices.length / PART_INVOICES) }, (_, part) =>
    invoices.slice(part * PART_INVOICES, (part + 1) * PART_INVOICES),
  );
  try {
    await Promise.all(parts.reverse().map((part) => ledger.stage(stageId, part)));
    const heads = invoices.map(({ position, externalId, fileName, sha256, facts, correctionOf = null }) => {
      const { form, issuerNip, kind, number } = facts;
      return {
        position,
        externalId,
        fileName,
        sha256,
        facts: { form, issuerNip, kind, number },
        correctionOf,
      };
    });
    return await ledger.accept({ ...command, stageId, invoices: heads });
  } finally {
    await ledger.dropStaged(stageId);
  }
};

export const WAYS: readonly [string, Way][] = [
  ['in one piece', whole],
  ['staged', staged],
];
