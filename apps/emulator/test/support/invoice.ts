/** What a test wants of an invoice; the rest is filled in. */
export type InvoiceWish = {
  nip: string;
  number: string;
  issueDate?: string;
  kind?: string;
  buyerNip?: string;
  attachment?: boolean;
  note?: string;
};

/** A small FA(3) invoice that the official schema accepts. */
export function invoiceXml(wish: InvoiceWish): string {
  const {
    nip,
    number,
    issueDate = '2026-03-16',
    kind = 'VAT',
    buyerNip = '1111111111',
    note = 'Usługa',
  } = wish;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">
  <Naglowek>
    <KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>
    <WariantFormularza>3</WariantFormularza>
    <DataWytworzeniaFa>2026-03-16T08:00:00Z</DataWytworzeniaFa>
  </Naglowek>
  <Podmiot1>
    <DaneIdentyfikacyjne><NIP>${nip}</NIP><Nazwa>Sprzedawca</Nazwa></DaneIdentyfikacyjne>
    <Adres><KodKraju>PL</KodKraju><AdresL1>ul. Prosta 1, 00-001 Warszawa</AdresL1></Adres>
  </Podmiot1>
  <Podmiot2>
    <DaneIdentyfikacyjne><NIP>${buyerNip}</NIP><Nazwa>Nabywca</Nazwa></DaneIdentyfikacyjne>
    <Adres><KodKraju>PL</KodKraju><AdresL1>ul. Krzywa 2, 00-002 Warszawa</AdresL1></Adres>
    <JST>2</JST>
    <GV>2</GV>
  </Podmiot2>
  <Fa>
    <KodWaluty>PLN</KodWaluty>
    <P_1>${issueDate}</P_1>
    <P_2>${number}</P_2>
    <P_13_1>100.00</P_13_1>
    <P_14_1>23.00</P_14_1>
    <P_15>123.00</P_15>
    <Adnotacje>
      <P_16>2</P_16><P_17>2</P_17><P_18>2</P_18><P_18A>2</P_18A>
      <Zwolnienie><P_19N>1</P_19N></Zwolnienie>
      <NoweSrodkiTransportu><P_22N>1</P_22N></NoweSrodkiTransportu>
      <P_23>2</P_23>
      <PMarzy><P_PMarzyN>1</P_PMarzyN></PMarzy>
    </Adnotacje>
    <RodzajFaktury>${kind}</RodzajFaktury>
    <FaWiersz>
      <NrWierszaFa>1</NrWierszaFa>
      <P_7>${note}</P_7><P_8A>szt.</P_8A><P_8B>1</P_8B>
      <P_9A>100.00</P_9A><P_11>100.00</P_11><P_12>23</P_12>
    </FaWiersz>
  </Fa>${wish.attachment === true ? attachmentXml : ''}
</Faktura>
`;
}

const attachmentXml = `
  <Zalacznik>
    <BlokDanych>
      <ZNaglowek>Zużycie</ZNaglowek>
      <MetaDane><ZKlucz>Licznik</ZKlucz><ZWartosc>12</ZWartosc></MetaDane>
      <Tekst><Akapit>Odczyt z marca</Akapit></Tekst>
    </BlokDanych>
  </Zalacznik>`;

const nipWeights = [6, 5, 7, 2, 3, 4, 5, 6, 7];
let nipSerial = 521_000_000;

/** Another NIP each time, with a right check digit. */
export function freshNip(): string {
  for (;;) {
    nipSerial += 1;
    const digits = String(nipSerial);
    const check = nipWeights.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0) % 11;
    if (check < 10 && digits[1] !== '0') return `${digits}${check}`;
  }
}
