/** Whether a migration leaves everything in place that an earlier version reads and writes. */

/**
 * What in it is more than an addition, in words; none where it is additive. It knows few kinds of statement and
 * refuses every other, so a new kind has to be thought about once.
 */
export function notAdditive(sql: string): string[] {
  const statements = statementsOf(sql);
  const made = new Made(statements);
  return statements
    .filter((statement) => !isAdditive(statement, made))
    .map((statement) => statement.slice(0, 300));
}

/** Tables, columns and functions that the migration itself brings: nobody before it knows them. */
class Made {
  readonly #tables: readonly string[];
  readonly #columns: readonly string[];

  constructor(statements: readonly string[]) {
    this.#tables = statements.flatMap((statement) =>
      firstGroup(/^CREATE (?:UNLOGGED )?TABLE (\w+)/i, statement),
    );
    this.#columns = statements.flatMap((statement) =>
      [...statement.matchAll(/\bADD COLUMN (\w+)/gi)].flatMap(([, column]) => column ?? []),
    );
  }

  hasTable(name: string | undefined): boolean {
    return name !== undefined && this.#tables.includes(name);
  }

  speaksOfColumn(text: string): boolean {
    return this.#columns.some((column) => new RegExp(`\\b${column}\\b`).test(text));
  }
}

function isAdditive(statement: string, made: Made): boolean {
  const table = firstGroup(/\b(?:ON|INTO|ALTER TABLE|UPDATE) (\w+)/i, statement)[0];
  if (/^(CREATE (UNLOGGED )?TABLE|CREATE FUNCTION|CREATE INDEX|COMMENT ON) /i.test(statement)) return true;
  if (/^CREATE UNIQUE INDEX /i.test(statement)) return made.hasTable(table) || made.speaksOfColumn(statement);
  if (/^CREATE TRIGGER /i.test(statement)) return made.hasTable(table) || isHarmlessTrigger(statement, made);
  if (/^INSERT INTO /i.test(statement)) return made.hasTable(table);
  if (/^ALTER TABLE /i.test(statement)) return made.hasTable(table) || addsOnly(statement, made);
  return false;
}

/** No earlier version empties a table, and none writes a column that it does not know. */
function isHarmlessTrigger(statement: string, made: Made): boolean {
  if (/ BEFORE TRUNCATE ON /i.test(statement)) return true;
  const columns = firstGroup(/ UPDATE OF ([\w, ]+?) ON /i, statement)[0];
  return columns?.split(',').every((column) => made.speaksOfColumn(column)) ?? false;
}

/** Columns may be left out by those who write without them, and rules speak of such columns. */
function addsOnly(statement: string, made: Made): boolean {
  const actions = splitOutside(statement.replace(/^ALTER TABLE (IF EXISTS |ONLY )?\w+ /i, ''), ',');
  return actions.every((action) => isColumnToLeaveOut(action) || isRuleOfNewColumn(action, made));
}

function isRuleOfNewColumn(action: string, made: Made): boolean {
  return /^ADD (CONSTRAINT \w+ )?CHECK /i.test(action) && made.speaksOfColumn(action);
}

function isColumnToLeaveOut(action: string): boolean {
  return (
    /^ADD COLUMN \w+ /i.test(action) &&
    (!/\bNOT NULL\b/i.test(action) || /\bDEFAULT\b/i.test(action)) &&
    !/\b(PRIMARY KEY|GENERATED)\b/i.test(action)
  );
}

function firstGroup(pattern: RegExp, text: string): string[] {
  const group = pattern.exec(text)?.[1];
  return group === undefined ? [] : [group];
}

/** Without comments, each on one line. */
function statementsOf(sql: string): string[] {
  const bare = sql.replaceAll(/--[^\n]*/g, '');
  return splitOutside(bare, ';').filter((statement) => statement !== '');
}

/** Cut at the separator, but not in brackets, in quotes or in the body of a function. */
function splitOutside(text: string, separator: ',' | ';'): string[] {
  const tokens = text.match(/\$\$[\s\S]*?\$\$|'[^']*'|[(),;]|[^$'(),;]+|[\s\S]/g) ?? [];
  const parts = [''];
  let depth = 0;
  for (const token of tokens) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === separator && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${token}`);
  }
  return parts.map((part) => part.replaceAll(/\s+/g, ' ').trim());
}
