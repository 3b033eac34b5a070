import { expect, it } from 'vitest';
import { invoiceNumberIn } from '../src/invoice-number.ts';

it.each([
  ['<Faktura><Fa><P_2>FV/1</P_2></Fa></Faktura>', 'FV/1'],
  ['<ns0:Fa><ns0:P_2>1/11/2026</ns0:P_2></ns0:Fa>', '1/11/2026'],
  ['<P_2> A&amp;B \n &#8470;&#x2116; 7 </P_2>', 'A&B №№ 7'],
  ['<FakturaRR><P_4C>RR/3</P_4C></FakturaRR>', 'RR/3'],
  ['<Faktura><P_22>x</P_22></Faktura>', null],
  ['', null],
])('the number of %s is %s', (xml, number) => {
  expect(invoiceNumberIn(xml)).toBe(number);
});
