// What the samples are made of. All names are made up or as common as rain.

export const firstNames = [
  'Agnieszka',
  'Bożena',
  'Czesław',
  'Grażyna',
  'Jędrzej',
  'Łukasz',
  'Małgorzata',
  'Michał',
  'Paweł',
  'Świętosława',
  'Wojciech',
  'Zdzisław',
  'Żaneta',
] as const;

export const lastNames = [
  'Brzęczyk',
  'Dąbek',
  'Gałązka',
  'Jóźwiak',
  'Kowalczyk',
  'Łącki',
  'Mróz',
  'Nowak',
  'Pająk',
  'Szczęsny',
  'Wójcik',
  'Zając',
  'Źrebiec',
  'Żuraw',
] as const;

export const companies = [
  'Hurtownia „Pod Lipą”',
  'Piekarnia Złoty Kłos',
  'Zakład Ślusarski Śrubka',
  'Mróz & Synowie',
  'Drukarnia Łódź Śródmieście',
  'Pracownia Ćma',
  'Transport Żwawy',
  'Ogrody Świętokrzyskie',
  'Biuro Rachunkowe Saldo',
  'Młyn Wodny Gęś',
  'Warsztat <Klucz>',
  'Księgarnia Pod Jaźwcem',
] as const;

export const companyForms = ['sp. z o.o.', 'S.A.', 'sp.j.', 'sp.k.', 'P.S.A.'] as const;

export const streets = [
  'Brzozowa',
  'Ćwiartki',
  'Długa',
  'Gęsia',
  'Jesionowa',
  'Kościelna',
  'Łąkowa',
  'Młyńska',
  'Ogrodowa',
  'Równa',
  'Słoneczna',
  'Świerkowa',
  'Źródlana',
  'Żytnia',
] as const;

export const towns = [
  'Białystok',
  'Bydgoszcz',
  'Częstochowa',
  'Gdańsk',
  'Kraków',
  'Łódź',
  'Poznań',
  'Rzeszów',
  'Świdnica',
  'Toruń',
  'Warszawa',
  'Wrocław',
  'Zielona Góra',
  'Żory',
] as const;

export type Rate = '23' | '8' | '5' | '0 KR' | 'zw';

/** Name, unit, lowest and highest net price in grosze, rate. */
export const goods: readonly [Goods, ...Goods[]] = [
  { name: 'Papier ksero A4, ryza 500 arkuszy', unit: 'szt.', least: 1_490, most: 3_200, rate: '23' },
  { name: 'Śruba nierdzewna M8 × 40', unit: 'szt.', least: 45, most: 210, rate: '23' },
  { name: 'Usługa księgowa, pakiet miesięczny', unit: 'usł.', least: 35_000, most: 180_000, rate: '23' },
  { name: 'Przegląd i konserwacja dźwigu', unit: 'usł.', least: 60_000, most: 240_000, rate: '23' },
  { name: 'Licencja na oprogramowanie, 12 miesięcy', unit: 'szt.', least: 9_900, most: 990_000, rate: '23' },
  { name: 'Żarówka LED 9 W, barwa ciepła', unit: 'szt.', least: 790, most: 2_450, rate: '23' },
  { name: 'Remont łazienki w lokalu mieszkalnym', unit: 'm2', least: 18_000, most: 65_000, rate: '8' },
  { name: 'Obiad dnia w stołówce', unit: 'porcja', least: 1_800, most: 3_600, rate: '8' },
  { name: 'Przewóz osób, linia podmiejska', unit: 'km', least: 320, most: 890, rate: '8' },
  { name: 'Chleb żytni na zakwasie 750 g', unit: 'szt.', least: 590, most: 1_350, rate: '5' },
  { name: 'Książka „Dzieje rzemiosła”, oprawa twarda', unit: 'egz.', least: 2_900, most: 8_900, rate: '5' },
  { name: 'Jabłka odmiany Szara Reneta', unit: 'kg', least: 210, most: 650, rate: '5' },
  { name: 'Części zamienne do statku morskiego', unit: 'kpl.', least: 50_000, most: 400_000, rate: '0 KR' },
  {
    name: 'Szkolenie zawodowe finansowane ze środków publicznych',
    unit: 'os.',
    least: 40_000,
    most: 120_000,
    rate: 'zw',
  },
];

export interface Goods {
  name: string;
  unit: string;
  least: number;
  most: number;
  rate: Rate;
}

export const digitNames = [
  'zero',
  'jeden',
  'dwa',
  'trzy',
  'cztery',
  'pięć',
  'sześć',
  'siedem',
  'osiem',
  'dziewięć',
] as const;

/** What a farmer sells, with its class and the least and most price of a unit in hundredths. */
export interface FarmProduce {
  readonly name: string;
  readonly unit: string;
  readonly quality: string;
  readonly least: number;
  readonly most: number;
}

export const farmProduce: readonly [FarmProduce, ...FarmProduce[]] = [
  { name: 'Mleko surowe', unit: 'l', quality: 'klasa ekstra', least: 150, most: 260 },
  { name: 'Pszenica konsumpcyjna', unit: 't', quality: 'klasa A', least: 70_000, most: 120_000 },
  { name: 'Żyto', unit: 't', quality: 'klasa B', least: 50_000, most: 90_000 },
  { name: 'Jabłka przemysłowe', unit: 'kg', quality: 'klasa II', least: 40, most: 120 },
  { name: 'Ziemniaki późne', unit: 'kg', quality: 'klasa I', least: 50, most: 180 },
  { name: 'Trzoda chlewna, żywiec', unit: 'kg', quality: 'klasa E', least: 500, most: 900 },
  { name: 'Miód gryczany', unit: 'kg', quality: 'klasa I', least: 2_000, most: 4_500 },
  { name: 'Usługa orki', unit: 'ha', quality: 'orka średnia', least: 30_000, most: 55_000 },
];
