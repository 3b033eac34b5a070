import type { CheckRules } from '../src/index.ts';

/** A day after every issue date of the templates. */
export const TODAY = '2026-10-15';
/** Ten digits with a right check digit. */
export const SELLER = '5260001246';
export const BUYER = '1132191233';

export const RULES: CheckRules = {
  environment: 'TEST',
  forms: ['FA (3)', 'FA (2)'],
  nipChecksum: false,
  sellerNip: SELLER,
  onBehalf: false,
  today: TODAY,
  daysAheadMax: 31,
};
export const PRODUCTION: CheckRules = { ...RULES, environment: 'PRD', forms: ['FA (3)'], nipChecksum: true };

export interface InvoiceParts {
  readonly number?: string;
  readonly issueDate?: string;
  readonly seller?: string;
  readonly lines?: number;
  /** Goes in behind Fa: a Zalacznik, for one. */
  readonly afterFa?: string;
  /** Goes in between Podmiot2 and Fa. */
  readonly parties?: string;
}

/** A plain FA (3) invoice, valid against its schema. */
export function fa3(parts: InvoiceParts = {}): string {
  const { number = 'FV/1/10/2026', issueDate = '2026-10-01', seller = SELLER, lines = 1 } = parts;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">
  <Naglowek>
    <KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>
    <WariantFormularza>3</WariantFormularza>
    <DataWytworzeniaFa>2026-10-01T09:30:00Z</DataWytworzeniaFa>
    <SystemInfo>wsad tests</SystemInfo>
  </Naglowek>
  <Podmiot1>
    <DaneIdentyfikacyjne>
      <NIP>${seller}</NIP>
      <Nazwa>Piekarnia Łąka spółka z o.o.</Nazwa>
    </DaneIdentyfikacyjne>
    <Adres>
      <KodKraju>PL</KodKraju>
      <AdresL1>ul. Młyńska 4</AdresL1>
      <AdresL2>60-001 Poznań</AdresL2>
    </Adres>
  </Podmiot1>
  <Podmiot2>
    <DaneIdentyfikacyjne>
      <NIP>${BUYER}</NIP>
      <Nazwa>Sklep Narożny Żuk i synowie</Nazwa>
    </DaneIdentyfikacyjne>
    <Adres>
      <KodKraju>PL</KodKraju>
      <AdresL1>Rynek 7</AdresL1>
      <AdresL2>62-020 Swarzędz</AdresL2>
    </Adres>
    <JST>2</JST>
    <GV>2</GV>
  </Podmiot2>${parts.parties ?? ''}
  <Fa>
    <KodWaluty>PLN</KodWaluty>
    <P_1>${issueDate}</P_1>
    <P_1M>Poznań</P_1M>
    <P_2>${number}</P_2>
    <P_6>2026-09-30</P_6>
    <P_13_1>${lines * 100}.00</P_13_1>
    <P_14_1>${lines * 23}.00</P_14_1>
    <P_15>${lines * 123}.00</P_15>
    <Adnotacje>
      <P_16>2</P_16>
      <P_17>2</P_17>
      <P_18>2</P_18>
      <P_18A>2</P_18A>
      <Zwolnienie>
        <P_19N>1</P_19N>
      </Zwolnienie>
      <NoweSrodkiTransportu>
        <P_22N>1</P_22N>
      </NoweSrodkiTransportu>
      <P_23>2</P_23>
      <PMarzy>
        <P_PMarzyN>1</P_PMarzyN>
      </PMarzy>
    </Adnotacje>
    <RodzajFaktury>VAT</RodzajFaktury>
${Array.from({ length: lines }, (_, index) => faLine(index + 1)).join('\n')}
    <Platnosc>
      <TerminPlatnosci>
        <Termin>2026-10-15</Termin>
      </TerminPlatnosci>
      <FormaPlatnosci>6</FormaPlatnosci>
      <RachunekBankowy>
        <NrRB>61109010140000071219812874</NrRB>
      </RachunekBankowy>
    </Platnosc>
  </Fa>${parts.afterFa ?? ''}
</Faktura>
`;
}

function faLine(number: number): string {
  return `    <FaWiersz>
      <NrWierszaFa>${number}</NrWierszaFa>
      <P_7>Chleb żytni na zakwasie, ${number}</P_7>
      <P_8A>szt.</P_8A>
      <P_8B>20</P_8B>
      <P_9A>5.00</P_9A>
      <P_11>100.00</P_11>
      <P_12>23</P_12>
    </FaWiersz>`;
}

/** The same invoice in the form before: other namespace and codes, no JST and GV. */
export function fa2(parts: InvoiceParts = {}): string {
  return fa3(parts)
    .replace('http://crd.gov.pl/wzor/2025/06/25/13775/', 'http://crd.gov.pl/wzor/2023/06/29/12648/')
    .replace('kodSystemowy="FA (3)"', 'kodSystemowy="FA (2)"')
    .replace('<WariantFormularza>3<', '<WariantFormularza>2<')
    .replace(/\s*<JST>2<\/JST>\s*<GV>2<\/GV>/, '');
}

/** The smallest attachment, with as much text as asked for spread over paragraphs of its block. */
export function attachment(textLength = 10): string {
  const paragraph = `<Akapit>${'x'.repeat(512)}</Akapit>`;
  const blocks: string[] = [];
  for (let left = textLength; left > 0; left -= 5120) {
    const count = Math.min(10, Math.max(1, Math.ceil(left / 512)));
    blocks.push(
      `<BlokDanych><ZNaglowek>Zużycie</ZNaglowek><MetaDane><ZKlucz>rok</ZKlucz><ZWartosc>2026</ZWartosc></MetaDane><Tekst>${paragraph.repeat(count)}</Tekst></BlokDanych>`,
    );
  }
  return `\n  <Zalacznik>${blocks.join('\n')}</Zalacznik>`;
}

export function bytesOf(xml: string): Uint8Array {
  return Buffer.from(xml, 'utf8');
}

/** Made as long as asked for by a comment behind the root element. */
export function padded(xml: string, sizeBytes: number): string {
  return `${xml}<!--${'x'.repeat(sizeBytes - bytesOf(xml).length - 7)}-->`;
}

export function thirdParty(identifier: string): string {
  return `\n  <Podmiot3><DaneIdentyfikacyjne>${identifier}<Nazwa>Oddział</Nazwa></DaneIdentyfikacyjne><Rola>4</Rola></Podmiot3>`;
}
