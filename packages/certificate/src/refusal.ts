/** Why a certificate cannot be used, in a sentence for the one who sent it; it quotes nothing of what was sent. */
export class CertificateRefused extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'CertificateRefused';
  }
}
