import { type SchemaJson, schemaShape } from './document.ts';

/** What was put right in the specification, each in a sentence. */
export type Mends = string[];

/**
 * Turns an OpenAPI 3.0 schema into the JSON Schema it means, so that a strict validator can use it. Nothing is
 * loosened: `nullable` gains only null, and an object with named properties is closed to any other.
 */
export function mendSchema(schema: SchemaJson, where: string, mends: Mends): SchemaJson {
  const mended: SchemaJson = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (dropped.has(keyword)) continue;
    mended[keyword] = mendKeyword(keyword, value, where, mends);
  }
  if (mended.properties !== undefined && mended.additionalProperties === undefined) {
    mended.additionalProperties = false;
  }
  if (mended.required !== undefined) mended.type ??= 'object';
  mendExclusiveMinimum(mended);
  mendArrayBounds(mended, where, mends);
  return schema.nullable === true ? withNull(schema, mended, where, mends) : mended;
}

/** Keywords that check nothing. */
const dropped = new Set(['nullable', 'example', 'description', 'deprecated', 'readOnly', 'default']);

function mendKeyword(keyword: string, value: unknown, where: string, mends: Mends): unknown {
  if (keyword === '$ref') return String(value).replace('#/components/schemas/', 'ksef:');
  if (keyword === 'pattern') return mendPattern(String(value), where, mends);
  if (keyword === 'properties') return mendProperties(value, where, mends);
  if (keyword === 'allOf' && Array.isArray(value)) {
    return value.map((part) => mendSchema(schemaShape.parse(part), where, mends));
  }
  const nested = keyword === 'items' || keyword === 'additionalProperties';
  if (!nested || typeof value !== 'object') return value;
  return mendSchema(schemaShape.parse(value), `${where}/${keyword}`, mends);
}

function mendProperties(value: unknown, where: string, mends: Mends): Record<string, SchemaJson> {
  const properties = Object.entries(schemaShape.parse(value));
  return Object.fromEntries(
    properties.map(([name, schema]) => [
      name,
      mendSchema(schemaShape.parse(schema), `${where}/${name}`, mends),
    ]),
  );
}

/** `\ ` and `\-` are no escapes in a Unicode pattern. */
function mendPattern(pattern: string, where: string, mends: Mends): string {
  try {
    new RegExp(pattern, 'u');
    return pattern;
  } catch {
    mends.push(`${where}: a space needs no escape in a Unicode pattern`);
    return pattern.replaceAll('\\ ', ' ');
  }
}

function mendExclusiveMinimum(schema: SchemaJson): void {
  if (schema.exclusiveMinimum !== true) return;
  schema.exclusiveMinimum = schema.minimum;
  delete schema.minimum;
}

/** Bounds of a list are minItems and maxItems; minimum and maximum would check nothing there. */
function mendArrayBounds(schema: SchemaJson, where: string, mends: Mends): void {
  if (schema.type !== 'array' || schema.maximum === undefined) return;
  mends.push(`${where}: minimum and maximum of a list are its minItems and maxItems`);
  schema.maxItems = schema.maximum;
  schema.minItems = schema.minimum ?? 0;
  delete schema.maximum;
  delete schema.minimum;
}

function withNull(original: SchemaJson, mended: SchemaJson, where: string, mends: Mends): SchemaJson {
  if (original.type === undefined) mends.push(`${where}: nullable without a type`);
  if (Object.keys(mended).length === 0) return mended;
  const plain = typeof original.type === 'string' && mended.enum === undefined;
  return plain ? { ...mended, type: [original.type, 'null'] } : { anyOf: [mended, { type: 'null' }] };
}
