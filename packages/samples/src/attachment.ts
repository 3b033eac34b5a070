import { decimal } from './money.ts';
import type { Random } from './random.ts';
import { streets } from './words.ts';
import { type Element, element } from './xml.ts';

/** Meter readings, the kind of thing that attachments (Zalacznik) were made for. */
export function attachment(random: Random, issueDate: string): Element {
  return element('Zalacznik', [
    element('BlokDanych', [
      element('ZNaglowek', `Odczyty liczników, ul. ${random.pick(streets)} ${random.int(1, 90)}`),
      pair('Z', 'Numer punktu poboru', random.digits(18)),
      pair('Z', 'Grupa taryfowa', random.pick(['C11', 'C12a', 'G11', 'G12w'])),
      element('Tekst', [element('Akapit', 'Ilości zaokrąglono do jednej dziesiątej jednostki.')]),
      readings(random, issueDate),
    ]),
  ]);
}

function readings(random: Random, issueDate: string): Element {
  const rows = Array.from({ length: random.int(3, 12) }, (_, index) => [
    `Licznik ${index + 1}`,
    issueDate,
    decimal(random.int(100, 9_999_999)),
  ]);
  return element('Tabela', [
    element('Opis', 'Wskazania na koniec okresu'),
    element('TNaglowek', [column('txt', 'Licznik'), column('date', 'Data'), column('dec', 'Wskazanie')]),
    ...rows.map((cells) =>
      element(
        'Wiersz',
        cells.map((cell) => element('WKom', cell)),
      ),
    ),
  ]);
}

function pair(prefix: string, key: string, value: string): Element {
  return element('MetaDane', [element(`${prefix}Klucz`, key), element(`${prefix}Wartosc`, value)]);
}

function column(type: string, name: string): Element {
  return element('Kol', [element('NKom', name)], { Typ: type });
}
