import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { OpenApiDocument, SchemaJson } from './document.ts';
import { type Mends, mendSchema } from './mend.ts';

/** Checks a value against a schema of the document; answers what is wrong with it. */
export type Checker = (schema: SchemaJson, value: unknown, where: string) => string[];

export function createChecker(document: OpenApiDocument, mends: Mends): Checker {
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
  addFormats.default(ajv);
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    ajv.addSchema({ $id: `ksef:${name}`, ...mendSchema(schema, name, mends) });
  }
  const compiled = new WeakMap<SchemaJson, ValidateFunction>();

  return (schema, value, where) => {
    const validate = compiled.get(schema) ?? ajv.compile(mendSchema(schema, where, []));
    compiled.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => {
      const extra: unknown = error.params.additionalProperty ?? error.params.allowedValues;
      const named = extra === undefined ? '' : ` (${String(extra)})`;
      return `${where}${error.instancePath} ${error.message ?? error.keyword}${named}`;
    });
  };
}
