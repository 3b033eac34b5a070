import type { Form } from '../types.ts';

/** What a bookkeeper calls the elements that most often have something wrong. */
const FA_NAMES: Readonly<Record<string, string>> = {
  NIP: 'tax number',
  Nazwa: 'name',
  KodKraju: 'country code',
  KodUE: 'EU country prefix',
  NrVatUE: 'EU VAT number',
  KodWaluty: 'currency',
  KursWaluty: 'exchange rate',
  KursWalutyZ: 'exchange rate',
  DataWytworzeniaFa: 'time the file was made',
  P_1: 'issue date',
  P_1M: 'place of issue',
  P_2: 'invoice number',
  P_6: 'date of supply',
  P_7: 'name of goods or service',
  P_8A: 'unit',
  P_8B: 'quantity',
  P_9A: 'net unit price',
  P_9B: 'gross unit price',
  P_11: 'net amount of the line',
  P_11A: 'gross amount of the line',
  P_12: 'VAT rate',
  P_15: 'total to be paid',
  Adnotacje: 'annotations',
  RodzajFaktury: 'kind of invoice',
  FaWiersz: 'invoice line',
  GTU: 'GTU code',
  NrKSeFFaKorygowanej: 'KSeF number of the corrected invoice',
  NrRB: 'bank account',
  Email: 'e-mail',
};

/** In FA_RR some of the same names mean other things. */
const RR_NAMES: Readonly<Record<string, string>> = {
  ...FA_NAMES,
  P_4A: 'date of purchase',
  P_4B: 'issue date',
  P_4C: 'invoice number',
  P_5: 'name of the product or service',
  P_6A: 'unit',
  P_6B: 'quantity',
  P_6C: 'class or quality',
  P_7: 'unit price without the refund',
  P_8: 'value of the line without the refund',
  P_9: 'rate of the flat-rate refund',
  P_10: 'refund of the line',
  P_11: 'value of the line with the refund',
  P_11_1: 'value of all lines',
  P_11_2: 'refund in all',
  P_12_1: 'total to be paid',
  P_12_2: 'total to be paid, in words',
  FakturaRRWiersz: 'invoice line',
};

const NAMES: Readonly<Record<Form, Readonly<Record<string, string>>>> = {
  'FA (3)': FA_NAMES,
  'FA (2)': FA_NAMES,
  'FA_RR (1)': RR_NAMES,
};

/** What the schemas' own types ask for, in words. */
const TYPES: Readonly<Record<string, string>> = {
  TKwotowy: 'an amount with a decimal point and at most two decimals, such as 1234.50',
  TKwotowy2: 'a price with a decimal point and at most eight decimals',
  TIlosci: 'a quantity with a decimal point and at most six decimals',
  TDataT: 'a day that exists, written YYYY-MM-DD',
  TDataU: 'a day that exists, written YYYY-MM-DD',
  TData: 'a day that exists, written YYYY-MM-DD',
  TDataCzas: 'a time written YYYY-MM-DDThh:mm:ssZ',
  TWybor1: 'the digit 1',
  TWybor1_2: '1 (yes) or 2 (no)',
};

const KINDS_BY_ELEMENT: Readonly<Record<string, string>> = {
  NrWierszaFa: 'a whole number',
  Email: 'an e-mail address',
  NIP: 'a NIP: ten digits without dashes or spaces',
  NrVatUE: 'up to 12 capital letters and digits, without the country prefix (that belongs in KodUE)',
  DataWytworzeniaFa: 'a time written YYYY-MM-DDThh:mm:ssZ',
  KodKraju: 'a two-letter country code, such as PL or DE',
  KodUE: 'a two-letter EU country prefix, such as DE (EL for Greece)',
  KodWaluty: 'a three-letter currency code, such as PLN or EUR',
  NrKSeFFaKorygowanej: 'a KSeF number: NIP-YYYYMMDD-FFFFFFFFFFFF-FF',
  P_12: 'a VAT rate of the list, such as 23, 8, 5, 0 KR, 0 WDT, zw, oo, np I',
  GTU: 'a code GTU_01 to GTU_13',
};

/** `P_15 (total to be paid)`. */
export function named(element: string, form: Form): string {
  const names = NAMES[form];
  const name = Object.hasOwn(names, element) ? names[element] : undefined;
  return name === undefined ? element : `${element} (${name})`;
}

/** What a value of this element or type should be, where there are words for it. */
export function kindOf(element: string, type?: string): string | undefined {
  if (Object.hasOwn(KINDS_BY_ELEMENT, element)) return KINDS_BY_ELEMENT[element];
  return type !== undefined && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
}

/** Elements often written in a place or way they do not belong, and what to do instead. */
const MISPLACED: readonly (readonly [RegExp, string])[] = [
  [/^GTU_\d\d$/, 'write the code as a value: <GTU>GTU_01</GTU>'],
  [/^NrVatUE$/, 'give the country prefix in KodUE before it; a Polish buyer has a NIP instead'],
  [/^WalutaUmowna$/, 'it belongs in WarunkiTransakcji, and is never PLN'],
  [
    /^(?:Art\d+|P_19N|P_22N|P_PMarzyN|P_PMarzy_.*|PMarzy_.*)$/,
    'of such a group exactly one choice may be marked',
  ],
];

/** What to do about an element that may not stand where it does, where that is known. */
export function misplacedHint(element: string): string | undefined {
  return MISPLACED.find(([pattern]) => pattern.test(element))?.[1];
}
