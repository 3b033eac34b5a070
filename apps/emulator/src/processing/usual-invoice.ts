/** An invoice of the usual form such as most are, for threads to practise on before the first package comes. */

const NAMESPACE = 'http://crd.gov.pl/wzor/2025/06/25/13775/';
const ROWS = 5;

export function usualInvoice(): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="${NAMESPACE}">
${header}
  <Podmiot1>
${party('7469033213', 'Przędzalnia Źródlana sp. z o.o.')}
  </Podmiot1>
  <Podmiot2>
${party('8375846353', 'Młyn &amp; Piekarnia s.c.')}
    <JST>2</JST>
    <GV>2</GV>
  </Podmiot2>
  <Fa>
${body}
${Array.from({ length: ROWS }, (_, place) => row(place + 1)).join('\n')}
${payment}
  </Fa>
  <Stopka>
    <Informacje>
      <StopkaFaktury>Prosimy o zapłatę w terminie.</StopkaFaktury>
    </Informacje>
    <Rejestry>
      <KRS>0000990480</KRS>
      <BDO>000396105</BDO>
    </Rejestry>
  </Stopka>
</Faktura>
`);
}

const header = `  <Naglowek>
    <KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>
    <WariantFormularza>3</WariantFormularza>
    <DataWytworzeniaFa>2026-02-02T08:00:00Z</DataWytworzeniaFa>
    <SystemInfo>emulator</SystemInfo>
  </Naglowek>`;

const party = (nip: string, name: string): string => `    <DaneIdentyfikacyjne>
      <NIP>${nip}</NIP>
      <Nazwa>${name}</Nazwa>
    </DaneIdentyfikacyjne>
    <Adres>
      <KodKraju>PL</KodKraju>
      <AdresL1>ul. Długa 7</AdresL1>
      <AdresL2>90-001 Łódź</AdresL2>
    </Adres>
    <DaneKontaktowe>
      <Email>biuro@przyklad.pl</Email>
      <Telefon>600100200</Telefon>
    </DaneKontaktowe>`;

const body = `    <KodWaluty>PLN</KodWaluty>
    <P_1>2026-02-02</P_1>
    <P_2>FV/1/2026</P_2>
    <P_6>2026-02-02</P_6>
    <P_13_1>1000.00</P_13_1>
    <P_14_1>230.00</P_14_1>
    <P_13_2>250.00</P_13_2>
    <P_14_2>20.00</P_14_2>
    <P_15>1500.00</P_15>
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
    <RodzajFaktury>VAT</RodzajFaktury>`;

const row = (number: number): string => `    <FaWiersz>
      <NrWierszaFa>${number}</NrWierszaFa>
      <P_7>Przegląd i naprawa krosna</P_7>
      <P_8A>usł.</P_8A>
      <P_8B>2.5</P_8B>
      <P_9A>100.00</P_9A>
      <P_11>250.00</P_11>
      <P_12>${number === ROWS ? 8 : 23}</P_12>
    </FaWiersz>`;

const payment = `    <Platnosc>
      <TerminPlatnosci>
        <Termin>2026-02-16</Termin>
      </TerminPlatnosci>
      <FormaPlatnosci>6</FormaPlatnosci>
      <RachunekBankowy>
        <NrRB>90944251133944701755080748</NrRB>
        <NazwaBanku>Bank Spółdzielczy</NazwaBanku>
      </RachunekBankowy>
    </Platnosc>`;
