/** How somebody logged in, in words; KSeF's own names have dots, which part the catalogue. */
import type { TFunction } from 'i18next';

export function methodName(t: TFunction, method: string): string {
  return t(`method.${method.replaceAll('.', '_')}`, { defaultValue: method });
}
