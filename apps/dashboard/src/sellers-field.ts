/** The field that names sellers, where none named means all: so nothing but whole NIPs may stand in it. */
import { textOf } from './ui/form-dialog.tsx';

export const SELLERS_PATTERN = '([ ,;]*[0-9]{10}(?![0-9]))*[ ,;]*';

export function sellersOf(form: FormData): 'all' | string[] {
  const said = textOf(form, 'sellers').trim();
  return said === '' ? 'all' : said.split(/[ ,;]+/).filter((nip) => nip !== '');
}
