/** What an answer's body is, by its looks and not by its status: a firewall's page also comes with status 200. */
import type { Answer } from './wire.ts';

/** The parsed body, or undefined where it does not look like JSON or is cut off. */
export function jsonOf(answer: Answer): unknown {
  const type = headerOf(answer, 'content-type') ?? '';
  const text = answer.body.toString('utf8').trimStart();
  if (!type.includes('json') && !text.startsWith('{') && !text.startsWith('[')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function headerOf(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** True where KSeF itself speaks, be it with a refusal: not a 5xx, not a redirect, not a page for a browser. */
export function isOfKsef(answer: Answer): boolean {
  if (answer.status >= 500 || (answer.status >= 300 && answer.status < 400)) return false;
  if (answer.body.length === 0) return true;
  return jsonOf(answer) !== undefined || looksLikeXml(answer);
}

/** What came instead, in words fit for an error: `502 text/html`. */
export function kindOf(answer: Answer): string {
  if (answer.body.length === 0) return 'an empty body';
  const type = (headerOf(answer, 'content-type') ?? '').split(';')[0]?.trim() ?? '';
  return /^[\w.+-]{1,40}\/[\w.+-]{1,60}$/.test(type) ? type : 'a body of no known type';
}

/** True where it begins as XML and is no page for a browser. */
export function looksLikeXml(answer: Answer): boolean {
  if ((headerOf(answer, 'content-type') ?? '').includes('html')) return false;
  const start = answer.body
    .subarray(0, 100)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  return start.startsWith('<') && !/^<(!doctype|html)/i.test(start);
}
