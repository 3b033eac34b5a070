/** What is stored of an invoice is not what was taken in: it must not be sent, whatever becomes of its neighbours. */
export class PayloadDamaged extends Error {
  /** Of the file, as the package would name it. */
  readonly fileName: string;

  constructor(fileName: string) {
    super(`what is stored of ${fileName} is not what was taken in`);
    this.name = 'PayloadDamaged';
    this.fileName = fileName;
  }
}
