import { z } from 'zod';

/** A JSON schema as the specification holds it; what is inside is the validator's business. */
export const schemaShape = z.record(z.string(), z.unknown());
export type SchemaJson = z.infer<typeof schemaShape>;

const content = z.record(z.string(), z.looseObject({ schema: schemaShape.optional() }));

const parameter = z.looseObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  schema: schemaShape,
});

const response = z.looseObject({
  content: content.default({}),
  headers: z.record(z.string(), z.looseObject({ schema: schemaShape })).nullish(),
});

const operation = z.looseObject({
  parameters: z.array(parameter).default([]),
  requestBody: z.looseObject({ content, required: z.boolean().default(false) }).optional(),
  responses: z.record(z.string(), response),
  security: z.array(z.unknown()).default([]),
});

/** The part of an OpenAPI 3.0 document that a guard needs. */
export const openApiShape = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), schemaShape) }),
});

export type OpenApiDocument = z.infer<typeof openApiShape>;
export type OperationSpec = z.infer<typeof operation>;
export type ResponseSpec = z.infer<typeof response>;
export type ParameterSpec = z.infer<typeof parameter>;
