/** What KSeF tells of an accepted invoice without its document, in the words of open-api 2.7.0. */
import { ParseOption, XmlDocument, type XmlElement } from 'libxml2-wasm';
import { childElements, textOf } from '../processing/invoice-facts.ts';
import type { RegisteredInvoice } from '../processing/registry.ts';
import type { InvoicingMode } from '../sessions/model.ts';
import { utcTimestamp } from '../warsaw.ts';
import type { World } from '../world.ts';

export const invoiceTypes = [
  'Vat',
  'Zal',
  'Kor',
  'Roz',
  'Upr',
  'KorZal',
  'KorRoz',
  'VatPef',
  'VatPefSp',
  'KorPef',
  'VatRr',
  'KorVatRr',
] as const;

export type InvoiceType = (typeof invoiceTypes)[number];

export type BuyerIdentifier = { type: 'Nip' | 'VatUe' | 'Other' | 'None'; value: string | null };

export type InvoiceMetadata = {
  ksefNumber: string;
  invoiceNumber: string;
  issueDate: string;
  invoicingDate: string;
  acquisitionDate: string;
  permanentStorageDate: string;
  seller: { nip: string; name: string | null };
  buyer: { identifier: BuyerIdentifier; name: string | null };
  netAmount: number;
  grossAmount: number;
  vatAmount: number;
  currency: string;
  invoicingMode: InvoicingMode;
  invoiceType: InvoiceType;
  formCode: { systemCode: string; schemaVersion: string; value: string };
  isSelfInvoicing: boolean;
  hasAttachment: boolean;
  invoiceHash: string;
  hashOfCorrectedInvoice: null;
  thirdSubjects: null;
  authorizedSubject: null;
};

const typesByKind: Record<string, InvoiceType> = {
  VAT: 'Vat',
  ZAL: 'Zal',
  KOR: 'Kor',
  ROZ: 'Roz',
  UPR: 'Upr',
  KOR_ZAL: 'KorZal',
  KOR_ROZ: 'KorRoz',
  VAT_RR: 'VatRr',
  KOR_VAT_RR: 'KorVatRr',
};

export function invoiceTypeOf(kind: string): InvoiceType {
  return typesByKind[kind] ?? 'Vat';
}

/** Permanent storage is always a little later than the number. */
export function storedAt({ acquisitionDate }: RegisteredInvoice): Date {
  return new Date(acquisitionDate.getTime() + 1);
}

export async function metadataOf(world: World, invoice: RegisteredInvoice): Promise<InvoiceMetadata> {
  const { systemCode, schemaVersion, value } = invoice.form;
  return {
    ksefNumber: invoice.ksefNumber,
    invoiceNumber: invoice.number,
    issueDate: invoice.issueDate,
    invoicingDate: utcTimestamp(invoice.invoicingDate),
    acquisitionDate: utcTimestamp(invoice.acquisitionDate),
    permanentStorageDate: utcTimestamp(storedAt(invoice)),
    ...inside(await world.documents.read(invoice.document), invoice),
    invoicingMode: invoice.mode,
    invoiceType: invoiceTypeOf(invoice.kind),
    formCode: { systemCode, schemaVersion, value },
    hasAttachment: invoice.hasAttachment,
    invoiceHash: invoice.sha256,
    hashOfCorrectedInvoice: null,
    thirdSubjects: null,
    authorizedSubject: null,
  };
}

type Inside = Pick<
  InvoiceMetadata,
  'seller' | 'buyer' | 'currency' | 'netAmount' | 'vatAmount' | 'grossAmount' | 'isSelfInvoicing'
>;

function inside(xml: Buffer, { nip, form }: RegisteredInvoice): Inside {
  using document = XmlDocument.fromBuffer(xml, { option: ParseOption.XML_PARSE_NONET });
  const parts = childElements(document.root);
  const fields = fieldsOf(parts.get(form.body));
  const buyer = fieldsOf(childrenOf(parts.get('Podmiot2')).get('DaneIdentyfikacyjne'));
  const seller = fieldsOf(childrenOf(parts.get('Podmiot1')).get('DaneIdentyfikacyjne'));
  const notes = fieldsOf(childrenOf(parts.get(form.body)).get('Adnotacje'));
  return {
    seller: { nip, name: seller.get('Nazwa') ?? null },
    buyer: { identifier: identifierOf(buyer), name: buyer.get('Nazwa') ?? null },
    currency: fields.get('KodWaluty') ?? 'PLN',
    ...(form.value === 'FA_RR' ? amountsOfRr(fields) : amountsOfFa(fields)),
    isSelfInvoicing: notes.get('P_17') === '1',
  };
}

function childrenOf(parent: XmlElement | undefined): Map<string, XmlElement> {
  return parent === undefined ? new Map() : childElements(parent);
}

function fieldsOf(parent: XmlElement | undefined): Map<string, string> {
  return new Map([...childrenOf(parent)].map(([name, element]) => [name, textOf(element) ?? '']));
}

function identifierOf(identity: Map<string, string>): BuyerIdentifier {
  const nip = identity.get('NIP');
  if (nip !== undefined) return { type: 'Nip', value: nip };
  const vatUe = identity.get('NrVatUE');
  if (vatUe !== undefined) return { type: 'VatUe', value: `${identity.get('KodUE') ?? ''}${vatUe}` };
  const other = identity.get('NrID');
  return other === undefined ? { type: 'None', value: null } : { type: 'Other', value: other };
}

type Amounts = Pick<InvoiceMetadata, 'netAmount' | 'vatAmount' | 'grossAmount'>;

/** Net is what stands under each rate; VAT is in PLN, so the converted amount counts where there is one. */
function amountsOfFa(fields: Map<string, string>): Amounts {
  const names = [...fields.keys()];
  const net = names.filter((name) => /^P_13_\d+(_\d+)?$/.test(name));
  const vat = names.filter((name) => /^P_14_\d+$/.test(name));
  return {
    netAmount: sum(net.map((name) => fields.get(name))),
    vatAmount: sum(vat.map((name) => fields.get(`${name}W`) ?? fields.get(name))),
    grossAmount: sum([fields.get('P_15')]),
  };
}

function amountsOfRr(fields: Map<string, string>): Amounts {
  return {
    netAmount: sum([fields.get('P_11_1')]),
    vatAmount: sum([fields.get('P_11_2W') ?? fields.get('P_11_2')]),
    grossAmount: sum([fields.get('P_12_1')]),
  };
}

/** Sums to the grosz. */
function sum(amounts: readonly (string | undefined)[]): number {
  const grosze = amounts.reduce((total, amount) => total + Math.round(Number(amount ?? 0) * 100), 0);
  return grosze / 100;
}
