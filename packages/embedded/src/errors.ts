/**
 * Why an embedded PostgreSQL could not be started. Messages say what to do.
 * - `unsupported-platform`: no binaries for this operating system or processor
 * - `blocked-path`: started as root, and no other user may enter the folders PostgreSQL needs
 * - `in-use`: another live process runs a server on this data folder
 * - `port-taken`: something else listens on the port asked for
 * - `wrong-version`: the data belong to another major version of PostgreSQL
 * - `foreign-folder`: the folder holds something that is not ours
 * - `disk-full`: no room for a new database
 * - `start-failed`: anything else; the message carries the server's last lines
 */
export type EmbeddedPostgresErrorCode =
  | 'unsupported-platform'
  | 'blocked-path'
  | 'in-use'
  | 'port-taken'
  | 'wrong-version'
  | 'foreign-folder'
  | 'disk-full'
  | 'start-failed';

export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string) {
    super(message);
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}
