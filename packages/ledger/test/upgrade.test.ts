import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithPreviousVersion, previousVersion, repoRoot } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import { notAdditive } from './support/additive.ts';
import { after, newNip } from './support/invoices.ts';
import { testLedger } from './support/ledger.ts';
import { allCleared, followed, UPO } from './support/walk.ts';

const FOLDER = 'packages/ledger/migrations';
const read = (name: string): string => readFileSync(join(repoRoot, FOLDER, name), 'utf8');
const names = readdirSync(join(repoRoot, FOLDER)).sort();
const newer = names.filter((name) => name > previousVersion().lastMigration);

/** More than additions, and yet harmless, as somebody has looked up in the version before. */
const REVIEWED: Readonly<Record<string, readonly string[]>> = {
  // The version before always names them when it writes, and reads a missing list as an empty one.
  '0015_permissions.sql': [
    'ALTER TABLE authentications ALTER COLUMN permissions DROP NOT NULL, ALTER COLUMN permissions DROP DEFAULT',
    "UPDATE authentications SET permissions = NULL WHERE permissions = '{}'",
  ],
  // The same rows are refused as before, for a whole statement at once. The version before deletes nothing of the three.
  '0021_cost_of_history.sql': [
    'ALTER TABLE payloads DROP CONSTRAINT payloads_invoice_id_fkey',
    'ALTER TABLE submission_invoices DROP CONSTRAINT submission_invoices_submission_id_fkey, DROP CONSTRAINT submission_invoices_invoice_id_fkey',
    'ALTER TABLE session_members DROP CONSTRAINT session_members_session_id_fkey, DROP CONSTRAINT session_members_invoice_id_fkey',
    "CREATE TRIGGER payloads_known AFTER INSERT ON payloads REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_unknown('invoice_id', 'invoices')",
    "CREATE TRIGGER submission_invoices_known AFTER INSERT ON submission_invoices REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_unknown('submission_id', 'submissions', 'invoice_id', 'invoices')",
    "CREATE TRIGGER session_members_known AFTER INSERT ON session_members REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_unknown('session_id', 'sessions', 'invoice_id', 'invoices')",
    "CREATE TRIGGER invoices_stay BEFORE DELETE OR TRUNCATE ON invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is known stays')",
    "CREATE TRIGGER sessions_stay BEFORE DELETE OR TRUNCATE ON sessions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is known stays')",
    "CREATE TRIGGER submissions_stay BEFORE DELETE OR TRUNCATE ON submissions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is known stays')",
    'ALTER TABLE invoices SET (autovacuum_vacuum_scale_factor = 0.05)',
  ],
  // The version before reads and writes no stage: a trigger keeps it, and the rows' own states are left alone.
  '0026_stages.sql': [
    "ALTER TABLE invoices ALTER COLUMN stage SET DEFAULT 'open'",
    "UPDATE invoices SET stage = CASE WHEN state IN ('accepted', 'sending', 'processing') THEN 'open' ELSE state END WHERE state <> 'cleared'",
    "CREATE TRIGGER invoices_keep_stage BEFORE INSERT OR UPDATE ON invoices FOR EACH ROW WHEN (NOT CASE WHEN NEW.state IN ('sending', 'processing') THEN NEW.stage IN ('open', 'atKsef') WHEN NEW.state = 'accepted' THEN NEW.stage = 'open' ELSE NEW.stage = NEW.state END) EXECUTE FUNCTION keep_stage()",
    'ALTER TABLE invoices ENABLE ALWAYS TRIGGER invoices_keep_stage',
  ],
  // The same is refused as before: the stage is refused or withdrawn exactly where the state is.
  '0027_indexes_by_stage.sql': [
    "CREATE UNIQUE INDEX invoices_live_identity ON invoices (number, issuer_nip, kind) WHERE stage NOT IN ('rejected', 'withdrawn')",
    "CREATE UNIQUE INDEX invoices_live_bytes ON invoices (sha256) WHERE stage NOT IN ('rejected', 'withdrawn')",
    "CREATE UNIQUE INDEX invoices_live_correction ON invoices (corrected_sha256) WHERE corrected_sha256 IS NOT NULL AND stage NOT IN ('rejected', 'withdrawn')",
  ],
  // The version before finds the same without them, slower where there is much history: see docs/upgrading.md.
  '0028_fewer_index_entries.sql': [
    'DROP INDEX invoices_identity, invoices_bytes, invoices_correction, invoices_waiting, invoices_open, invoices_held, invoices_awaiting_consent, invoices_attachments_waiting, invoices_on_trial',
    'DROP INDEX invoices_refused, invoices_refused_of_all, invoices_refused_number, invoices_refused_bytes, invoices_buyer_name, invoices_buyer_nip',
    'ALTER TABLE invoices SET (fillfactor = 50)',
  ],
  // How full pages become that are yet to be: it changes no row and no answer.
  '0042_room_in_indexes.sql': [
    'ALTER INDEX invoices_pkey SET (fillfactor = 45)',
    'ALTER INDEX invoices_of_seller SET (fillfactor = 45)',
    'ALTER INDEX invoices_live_identity SET (fillfactor = 45)',
  ],
  // It adds to tables that the migration itself brings, and what the version before writes is told like everything else.
  '0025_webhooks.sql': [
    'CREATE TRIGGER events_are_told_to_webhooks AFTER INSERT ON events REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION tell_webhooks()',
  ],
  // The same: what the version before writes is counted like everything else.
  '0038_seller_tallies.sql': [
    'CREATE TRIGGER events_are_tallied AFTER INSERT ON events REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION tally_sellers()',
  ],
  // The same numbers are refused as before.
  '0050_number_form.sql': [
    "ALTER TABLE invoices ADD CONSTRAINT ksef_number_has_its_form CHECK ( ksef_number LIKE '__________-________-____________-__' AND ksef_number ~ '^[1-9][0-9]*-[0-9]*-[0-9A-F]*-[0-9A-F]*$' ) NOT VALID",
    'ALTER TABLE invoices DROP CONSTRAINT invoices_ksef_number_check',
  ],
  '0051_number_form_checked.sql': ['ALTER TABLE invoices VALIDATE CONSTRAINT ksef_number_has_its_form'],
  // The same rows are refused as before, and the same places taken.
  '0048_kept_plans.sql': [
    "CREATE OR REPLACE FUNCTION refuse_unknown() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan TO off AS $$ DECLARE missing text; BEGIN IF TG_TABLE_NAME = 'submission_invoices' THEN IF EXISTS ( SELECT FROM (SELECT DISTINCT submission_id AS id FROM added) AS named WHERE (SELECT true FROM submissions",
    'ALTER FUNCTION take_call(timestamptz, text, timestamptz, integer, text[], text[], integer[], integer[]) SET plan_cache_mode TO force_generic_plan',
    'ALTER FUNCTION take_call_through_gates(text[], timestamptz, text, timestamptz, integer, text[], text[], integer[], integer[]) SET plan_cache_mode TO force_generic_plan',
  ],
};

describe('migrations since the version before', () => {
  it.each(newer)('%s only adds', (name) => {
    expect(notAdditive(read(name))).toEqual(REVIEWED[name] ?? []);
  });
});

describeWithPreviousVersion('migrations that the version before knows', ({ commit, lastMigration }) => {
  it('are those named, and read as they did', () => {
    const git = (...args: string[]) =>
      spawnSync('git', args, { cwd: repoRoot, encoding: 'utf8', maxBuffer: 1 << 26 }).stdout;
    const before = git('ls-tree', '--name-only', commit, `${FOLDER}/`).trim().split('\n');
    expect(before.at(-1)).toBe(`${FOLDER}/${lastMigration}`);
    for (const path of before)
      expect(read(path.slice(FOLDER.length + 1))).toBe(git('show', `${commit}:${path}`));
  });
});

describe('what is more than an addition', () => {
  it.each([
    'DROP TABLE invoices',
    'ALTER TABLE invoices DROP COLUMN mode',
    'ALTER TABLE invoices RENAME COLUMN mode TO way',
    'ALTER TABLE invoices RENAME TO documents',
    'ALTER TABLE invoices ALTER COLUMN attempts TYPE bigint',
    'ALTER TABLE invoices ALTER COLUMN buyer_nip SET NOT NULL',
    'ALTER TABLE invoices ADD COLUMN way text NOT NULL',
    'ALTER TABLE invoices ADD COLUMN way text, DROP COLUMN mode',
    "ALTER TABLE invoices ADD CONSTRAINT sane CHECK (mode <> 'x')",
    'CREATE UNIQUE INDEX one ON invoices (sha256)',
    'CREATE TRIGGER t BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION f()',
    'CREATE TRIGGER t BEFORE UPDATE OF state ON invoices FOR EACH ROW EXECUTE FUNCTION f()',
    'CREATE OR REPLACE FUNCTION take_call() RETURNS void LANGUAGE sql AS $$ SELECT; $$',
    'DROP TRIGGER invoices_final_stay ON invoices',
    'UPDATE invoices SET attempts = 0',
    'DELETE FROM events',
    'INSERT INTO settings DEFAULT VALUES',
    'TRUNCATE events',
    'DO $$ BEGIN DROP TABLE invoices; END $$',
    'CREATE TABLE a (id int); DROP TABLE b',
  ])('is refused: %s', (sql) => {
    expect(notAdditive(sql)).toHaveLength(1);
  });

  it.each([
    'CREATE TABLE a (id int NOT NULL, CHECK (id > 0)); INSERT INTO a VALUES (1); ALTER TABLE a ADD CHECK (id < 5)',
    'ALTER TABLE invoices ADD COLUMN a text CHECK (length(a) = 44), ADD COLUMN b int NOT NULL DEFAULT 0',
    'ALTER TABLE invoices ADD COLUMN a text; CREATE UNIQUE INDEX one ON invoices (a) WHERE a IS NOT NULL',
    'CREATE INDEX more ON invoices (nip)',
    'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE x; END $$',
    'CREATE TRIGGER t BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION f()',
    'ALTER TABLE invoices ADD COLUMN a text; CREATE TRIGGER t BEFORE UPDATE OF a ON invoices EXECUTE FUNCTION f()',
    '-- DROP TABLE invoices;\nCREATE TABLE a (id int)',
  ])('is not: %s', (sql) => {
    expect(notAdditive(sql)).toEqual([]);
  });
});

it('a ledger that a newer version has added to serves this one as before', async () => {
  const { ledger, pool, close } = await testLedger();
  try {
    await pool.query(
      `INSERT INTO schema_migrations (name, sha256) VALUES ('9999_of_tomorrow.sql', 'unknown')`,
    );
    await pool.query(
      'CREATE TABLE of_tomorrow (id int); ALTER TABLE invoices ADD COLUMN of_tomorrow int DEFAULT 1',
    );
    expect(await ledger.migrate()).toEqual({ applied: [] });
    const walk = await followed(ledger, newNip());
    const counts = await ledger.settleSession(walk.sessionId, allCleared(walk), UPO, after(900));
    expect(counts).toMatchObject({ cleared: 6 });
  } finally {
    await close();
  }
});
