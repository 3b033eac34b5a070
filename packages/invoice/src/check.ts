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
import { plainFields } from './plain-fields.ts';
import { bomFault, readSource, sizeFaults } from './rules/bytes.ts';
import { issueDateFaults } from './rules/issue-date.ts';
import { markupFaults } from './rules/markup.ts';
import { declarationFaults, doctypeFault } from './rules/prolog.ts';
import { checksumFaults, sellerFaults } from './rules/seller.ts';
import { compileSchemas } from './schema/compile.ts';
import { type SchemaFault, schemaFaults } from './schema/faults.ts';
import { stricter } from './schema/stricter.ts';
import { withUsualFirst } from './schema/usual-first.ts';
import type { Source } from './source.ts';
import type { CheckRules, Fault, Form, InvoiceFacts } from './types.ts';

/** What the check of one file comes to. */
export interface Verdict {
  readonly facts: InvoiceFacts | null;
  readonly faults: readonly Fault[];
}
export type Check = (bytes: Uint8Array, rules: CheckRules) => Verdict;

interface Tools {
  readonly official: ReadonlyMap<Form, XsdValidator>;
  /** Takes nothing that the official ones refuse. */
  readonly quick: ReadonlyMap<Form, XsdValidator>;
  readonly reader: FieldReader;
}

/** Compiles the schemas and answers the check itself. It is synchronous: the pool keeps it off the event loop. */
export function createCheck(): Check {
  const tools: Tools = {
    official: compileSchemas(withUsualFirst),
    quick: compileSchemas((schema) => stricter(withUsualFirst(schema))),
    reader: createFieldReader(),
  };
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
  const file = { source, sizeBytes: bytes.length, rules, tools };
  // Most invoices are good. What has to be told of the others is found by a second look, at all that was written.
  const quick = checkMarkup({ ...file, isQuick: true });
  const verdict = quick.faults.length === 0 ? quick : checkMarkup({ ...file, isQuick: false });
  return { facts: verdict.facts, faults: [...faults, ...verdict.faults] };
}

interface Look {
  readonly source: Source;
  readonly sizeBytes: number;
  readonly rules: CheckRules;
  readonly tools: Tools;
  /** Finds out whether there may be a fault at all: without the indentation and without lines, by the quick schema. */
  readonly isQuick: boolean;
}

function checkMarkup(look: Look): Verdict {
  const { source, isQuick } = look;
  const document = parse(source.bytes, !(isQuick && source.isPlain));
  if (!(document instanceof XmlDocument)) return refused([document]);
  try {
    withoutSchemaHints(document, source);
    const verdict = checkDocument(document, look);
    return { facts: verdict.facts, faults: [...markupFaults(source), ...verdict.faults] };
  } finally {
    document.dispose();
  }
}

function checkDocument(document: XmlDocument, look: Look): Verdict {
  const { rules, tools, isQuick } = look;
  const root = document.root;
  const row = root.name === 'Faktura' ? formRowOf(root.namespaceUri) : undefined;
  const schema = row && (isQuick ? tools.quick : tools.official).get(row.form);
  if (row === undefined || schema === undefined) return refused([unknownForm(root)]);
  if (!rules.forms.includes(row.form)) return notAllowed({ document, row, look });
  return judged({ document, row, look }, schemaFaults(document, schema, row.form));
}

interface Known {
  readonly document: XmlDocument;
  readonly row: FormRow;
  readonly look: Look;
}

function notAllowed({ document, row, look }: Known): Verdict {
  const fields = look.tools.reader.fields(document, row.form);
  const faults = sizeFaults(look.sizeBytes, fields.has('attachment'));
  return { facts: factsOf(fields, row.form), faults: [...faults, formNotAllowed(row, look.rules)] };
}

function judged(known: Known, bySchema: readonly SchemaFault[]): Verdict {
  const { document, row, look } = known;
  const { sizeBytes, rules, tools } = look;
  const fields = fieldsOf(known, bySchema);
  const faults = sizeFaults(sizeBytes, fields.has('attachment'));
  faults.push(...missingFaults(document, fields, row));
  const sender = fields.get(row.sender);
  const [party = ''] = row.places[row.sender].split('/');
  const bySeller = sender ? sellerFaults({ element: 'NIP', party, ...sender }, rules) : [];
  faults.push(...withoutRepeated(bySchema, bySeller), ...bySeller);
  const issueDate = fields.get('issueDate');
  if (issueDate) faults.push(...issueDateFaults(elementAt(row, 'issueDate'), issueDate, rules));
  if (rules.nipChecksum) faults.push(...checksumFaults(tools.reader.nipFields(document, row.form)));
  return { facts: factsOf(fields, row.form), faults };
}

/** Lines cost as much as all the rest, and are wanted only where there is something to say. */
function fieldsOf({ document, row, look }: Known, bySchema: readonly SchemaFault[]): Fields {
  const { source, tools, isQuick } = look;
  if (!isQuick || bySchema.length > 0) return tools.reader.fields(document, row.form);
  return plainFields(source, row.form) ?? tools.reader.texts(document, row.form);
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
