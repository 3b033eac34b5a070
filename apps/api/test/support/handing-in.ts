/** An API whose sellers have credentials, and invoices handed in to it. */
import { sellerPath } from './invoices.ts';
import { NIP, OTHER_NIP, startTestApi, type TestApi } from './test-api.ts';

export async function startApiWithSellers(): Promise<TestApi> {
  const api = await startTestApi();
  for (const nip of [NIP, OTHER_NIP])
    await api.call('PUT', sellerPath('credentials', nip), { json: { type: 'ksefToken', token: 'token' } });
  return api;
}

interface Line {
  id: string;
  sha256: string;
  invoiceNumber: string;
}

export async function handIn(
  api: TestApi,
  xmls: readonly string[],
  nip = NIP,
): Promise<{ submissionId: string; invoices: Line[] }> {
  const invoices = xmls.map((xml) => ({ xml }));
  return (await api.call('POST', sellerPath('invoices', nip), { json: { invoices } })).json;
}
