import { XmlDocument, type XmlElement, type XsdValidator } from 'libxml2-wasm';
import {
  createFieldReader,
  type FieldReader,
  type Fields,
  factsOf,
  knownLine,
  missingFaults,
} from './facts.ts';
import { fault, shown } from './faults.ts';
import { elementAt, type FormRow, formRowOf, isPeppol } from './forms.ts';
import { parse, withoutSchemaHints } from './parse.ts';
import { bomFault, readSource, sizeFaults } from './rules/bytes.ts';
import { issueDateFaults } from './rules/issue-date.ts';
import { markupFaults } from './rules/markup.ts';
import { declarationFaults, doctypeFault } from './rules/prolog.ts';
import { checksumFaults, sellerFaults } from './rules/seller.ts';
import { compileSchemas } from './schema/compile.ts';
import { type SchemaFault, schemaFaults } from './schema/faults.ts';
import type { CheckRules, Fault, Form, InvoiceFacts } from './types.ts';

/** What the check of one file comes to. */
export interface Verdict {
  readonly facts: InvoiceFacts | null;
  readonly faults: readonly Fault[];
}
export type Check = (bytes: Uint8Array, rules: CheckRules) => Verdict;

interface Tools {
  readonly schemas: ReadonlyMap<Form, XsdValidator>;
  readonly reader: FieldReader;
}

/** Compiles the schemas and answers the check itself. It is synchronous: the pool keeps it off the event loop. */
export function createCheck(): Check {
  const tools: Tools = { schemas: compileSchemas(), reader: createFieldReader() };
  return (bytes, rules) => checkFile(bytes, rules, tools);
}

/** From bytes to text to markup to form; each step only where the one before leaves something to look at. */
function checkFile(bytes: Uint8Array, rules: CheckRules, tools: Tools): Verdict {
  const read = readSource(bytes);
  if (read.stop !== null) return refused([read.stop]);
  const { source, hasBom } = read;
  const faults = [...(hasBom ? [bomFault()] : []), ...declarationFaults(source)];
  const doctype = doctypeFault(source);
  if (doctype !== null) return refused([...faults, doctype]);
  const document = parse(source.bytes);
  if (!(document instanceof XmlDocument)) return refused([...faults, document]);
  try {
    withoutSchemaHints(document, source);
    const verdict = checkDocument(document, bytes.length, rules, tools);
    return { facts: verdict.facts, faults: [...faults, ...markupFaults(source), ...verdict.faults] };
  } finally {
    document.dispose();
  }
}

function checkDocument(document: XmlDocument, sizeBytes: number, rules: CheckRules, tools: Tools): Verdict {
  const root = document.root;
  const row = root.name === 'Faktura' ? formRowOf(root.namespaceUri) : undefined;
  const schema = row && tools.schemas.get(row.form);
  if (row === undefined || schema === undefined) return refused([unknownForm(root)]);
  const known = { document, row, sizeBytes, rules, reader: tools.reader };
  if (!rules.forms.includes(row.form)) return notAllowed(known);
  const bySchema = schemaFaults(document, schema, row.form);
  const verdict = judged(known, tools.reader.texts(document, row.form), bySchema);
  // Lines cost as much as all the rest, and are wanted only where there is something to say.
  return verdict.faults.length === 0
    ? verdict
    : judged(known, tools.reader.fields(document, row.form), bySchema);
}

interface Known {
  readonly document: XmlDocument;
  readonly row: FormRow;
  readonly sizeBytes: number;
  readonly rules: CheckRules;
  readonly reader: FieldReader;
}

function notAllowed({ document, row, sizeBytes, rules, reader }: Known): Verdict {
  const fields = reader.fields(document, row.form);
  const faults = sizeFaults(sizeBytes, fields.has('attachment'));
  return { facts: factsOf(fields, row.form), faults: [...faults, formNotAllowed(row, rules)] };
}

function judged(known: Known, fields: Fields, bySchema: readonly SchemaFault[]): Verdict {
  const { document, row, sizeBytes, rules, reader } = known;
  const faults = sizeFaults(sizeBytes, fields.has('attachment'));
  faults.push(...missingFaults(document, fields, row));
  const sender = fields.get(row.sender);
  const [party = ''] = row.places[row.sender].split('/');
  const bySeller = sender ? sellerFaults({ element: 'NIP', party, ...sender }, rules) : [];
  faults.push(...withoutRepeated(bySchema, bySeller), ...bySeller);
  const issueDate = fields.get('issueDate');
  if (issueDate) faults.push(...issueDateFaults(elementAt(row, 'issueDate'), issueDate, rules));
  if (rules.nipChecksum) faults.push(...checksumFaults(reader.nipFields(document, row.form)));
  return { facts: factsOf(fields, row.form), faults };
}

/** A seller's NIP that is no NIP breaks the schema's pattern too; once is enough. */
function withoutRepeated(bySchema: readonly SchemaFault[], bySeller: readonly Fault[]): Fault[] {
  const malformed = bySeller.find((found) => found.code === 'SELLER_NIP_MALFORMED');
  const repeats = ({ element, fault: found }: SchemaFault) =>
    malformed !== undefined && element === 'NIP' && found.line === malformed.line;
  return bySchema.filter((found) => !repeats(found)).map((found) => found.fault);
}

function refused(faults: readonly Fault[]): Verdict {
  return { facts: null, faults };
}

function unknownForm(root: XmlElement): Fault {
  const { name, namespaceUri } = root;
  if (isPeppol(namespaceUri)) {
    const found = `The root element is ${shown(name)} of UBL.`;
    return fault('FORM_PEPPOL', { found, line: knownLine(root.line), rule: 'KSeF: forms of the context' });
  }
  const namespace = namespaceUri === '' ? 'without a namespace' : `of the namespace ${shown(namespaceUri)}`;
  return fault('FORM_UNKNOWN', {
    found: `The root element is ${shown(name)} ${namespace}.`,
    line: knownLine(root.line),
    rule: 'KSeF: form of the invoice',
  });
}

function formNotAllowed(row: FormRow, rules: CheckRules): Fault {
  const message = `The invoice is of form ${row.form}; KSeF ${rules.environment} takes ${rules.forms.join(', ')}.`;
  return fault('FORM_NOT_ALLOWED', { message, rule: 'KSeF: forms of the environment' });
}
