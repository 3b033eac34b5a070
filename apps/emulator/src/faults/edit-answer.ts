/** Changes to true answers: what a client gets that is nearly right. */
import { z } from 'zod';

export const editSchema = z.strictObject({
  /** The true answer must hold these values, by dotted path. */
  where: z.record(z.string(), z.unknown()).default({}),
  /** Values put into the answer, by dotted path. */
  set: z.record(z.string(), z.unknown()).default({}),
  /** A list of the answer tells its first entry twice, or not at all. */
  list: z.strictObject({ at: z.string(), change: z.enum(['repeat', 'skip']) }).optional(),
  /** Half the body is missing. */
  cut: z.boolean().default(false),
});

export type AnswerEdit = z.output<typeof editSchema>;

/** Whether the edit has anything to change in this answer. */
export function fits(edit: AnswerEdit, body: unknown): boolean {
  const hasValues = Object.entries(edit.where).every(([path, value]) => valueAt(body, path) === value);
  if (edit.list === undefined) return hasValues;
  const list = valueAt(body, edit.list.at);
  return hasValues && Array.isArray(list) && list.length > 0;
}

export function editedBody(edit: AnswerEdit, body: unknown): string {
  let changed = body;
  for (const [path, value] of Object.entries(edit.set)) changed = withValue(changed, path.split('.'), value);
  if (edit.list !== undefined) changed = withList(changed, edit.list);
  const text = JSON.stringify(changed);
  return edit.cut ? text.slice(0, Math.floor(text.length / 2)) : text;
}

function withList(body: unknown, { at, change }: NonNullable<AnswerEdit['list']>): unknown {
  const list = valueAt(body, at);
  if (!Array.isArray(list)) return body;
  const changed = change === 'repeat' ? [list[0], ...list] : list.slice(1);
  return withValue(body, at.split('.'), changed);
}

function valueAt(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined;
  }, body);
}

/** A copy with the value at the path; where the path leads nowhere, the body as it is. */
function withValue(body: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(body)) {
    return body.map((item, place) => (String(place) === key ? withValue(item, rest, value) : item));
  }
  if (typeof body !== 'object' || body === null) return body;
  return { ...body, [key]: withValue(Reflect.get(body, key), rest, value) };
}
