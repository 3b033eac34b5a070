import type { OpenApiDocument, SchemaJson } from './document.ts';
import type { Mends } from './mend.ts';

const NEW_GROUPS = ['batchSessionClose', 'onlineSessionClose', 'anonymous', 'global'];

/** API 2.8.0 added four groups to the answer of `GET /rate-limits`; a 2.7.0 document does not know them yet. */
export function addLaterGroups(document: OpenApiDocument, mends: Mends): void {
  const limits: SchemaJson | undefined = document.components.schemas.EffectiveApiRateLimits;
  const properties = limits?.properties;
  if (typeof properties !== 'object' || properties === null) return;
  const added = NEW_GROUPS.filter((group) => !(group in properties));
  const value = { $ref: '#/components/schemas/EffectiveApiRateLimitValues' };
  Object.assign(properties, Object.fromEntries(added.map((group) => [group, value])));
  if (added.length > 0) mends.push(`EffectiveApiRateLimits: groups of API 2.8.0: ${added.join(', ')}`);
}
