/** Words of an answer that may go into errors and logs: short, printable, and without anything secret. */

const WORDS_MAX = 500;
const HIDDEN = '[hidden]';

/** An answer may quote the request: known secrets, tokens, queries of addresses and long encoded runs are cut out. */
export function scrub(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, HIDDEN), text)
    .slice(0, WORDS_MAX * 4)
    .replace(/\bBearer +\S+/gi, `Bearer ${HIDDEN}`)
    .replace(/(https?:\/\/[^\s?"'<>]{1,500})\?[^\s"'<>]*/gi, `$1?${HIDDEN}`)
    .replace(/[A-Za-z0-9+/=_-]{60,}/g, HIDDEN)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, WORDS_MAX);
}
