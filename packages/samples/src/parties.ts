import { makeNip } from './nip.ts';
import { type Random, seededRandom } from './random.ts';
import { companies, companyForms, firstNames, lastNames, streets, towns } from './words.ts';
import { type Element, element } from './xml.ts';

/** A seller keeps its name and address on all its invoices, so they come from its NIP alone. */
export function seller(nip: string): Element {
  const random = seededRandom(Number(nip) % 2 ** 31);
  return element('Podmiot1', [
    element('DaneIdentyfikacyjne', [element('NIP', nip), element('Nazwa', companyName(random))]),
    address(random),
    contact(random),
  ]);
}

export function buyer(random: Random, simplified: boolean): Element {
  const identity = simplified || random.chance(80) ? company(random, simplified) : person(random);
  return element('Podmiot2', [
    element('DaneIdentyfikacyjne', identity),
    simplified ? null : address(random),
    !simplified && random.chance(40) ? contact(random) : null,
    random.chance(50) ? element('NrKlienta', `K/${random.digits(5)}`) : null,
    element('JST', '2'),
    element('GV', '2'),
  ]);
}

/** The seller of an FA_RR invoice: a person with a farm. */
export function farmer(random: Random, nip: string | undefined): Element {
  const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`;
  return element('Podmiot1', [
    element('DaneIdentyfikacyjne', [element('NIP', nip ?? makeNip(random)), element('Nazwa', name)]),
    address(random),
  ]);
}

/** The buyer of an FA_RR invoice, who issues it: one name and address on all of them, from its NIP alone. */
export function farmBuyer(nip: string): Element {
  const random = seededRandom(Number(nip) % 2 ** 31);
  return element('Podmiot2', [
    element('DaneIdentyfikacyjne', [element('NIP', nip), element('Nazwa', companyName(random))]),
    address(random),
    contact(random),
  ]);
}

function company(random: Random, simplified: boolean): Element[] {
  const nip = element('NIP', makeNip(random));
  return simplified ? [nip] : [nip, element('Nazwa', companyName(random))];
}

function person(random: Random): Element[] {
  return [element('BrakID', '1'), element('Nazwa', `${random.pick(firstNames)} ${random.pick(lastNames)}`)];
}

function companyName(random: Random): string {
  if (random.chance(30)) return `F.H.U. ${random.pick(firstNames)} ${random.pick(lastNames)}`;
  return `${random.pick(companies)} ${random.pick(companyForms)}`;
}

function address(random: Random): Element {
  const flat = random.chance(40) ? ` m. ${random.int(1, 90)}` : '';
  return element('Adres', [
    element('KodKraju', 'PL'),
    element('AdresL1', `ul. ${random.pick(streets)} ${random.int(1, 240)}${flat}`),
    element('AdresL2', `${random.digits(2)}-${random.digits(3)} ${random.pick(towns)}`),
  ]);
}

function contact(random: Random): Element {
  return element('DaneKontaktowe', [
    element('Email', `biuro${random.int(1, 999)}@przyklad.pl`),
    element('Telefon', `${random.int(500, 899)}${random.digits(6)}`),
  ]);
}
