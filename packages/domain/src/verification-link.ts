/** KOD I: the public link that proves an invoice is in KSeF. Source: KSeF documentation, "Kody QR". */
export function verificationUrl(
  qrHost: string,
  invoice: { issuerNip: string; issueDate: string; sha256: string },
): string {
  const [year, month, day] = invoice.issueDate.split('-');
  const hash = Buffer.from(invoice.sha256, 'base64').toString('base64url');
  return `${qrHost}/invoice/${invoice.issuerNip}/${day}-${month}-${year}/${hash}`;
}
