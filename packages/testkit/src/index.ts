export { breakPayloads } from './broken-payload.ts';
export {
  COMPANY_SEAL,
  PERSON,
  type SubjectAttribute,
  type TestCertificate,
  type TestCertificateOptions,
  testCertificate,
} from './certificates.ts';
export { compileCache } from './compile-cache.ts';
export { type Template, type TestDatabase, testDatabase } from './database.ts';
export { type EventuallyOptions, eventually } from './eventually.ts';
export { describeWithOfficialFiles, type OfficialFiles, officialFiles } from './official-files.ts';
export { type PostgresGoingDown, startPostgresGoingDown } from './postgres-going-down.ts';
export {
  checkOut,
  describeWithPreviousVersion,
  type PreviousTree,
  type PreviousVersion,
  previousVersion,
} from './previous-version.ts';
export { type Received, type Receiver, startReceiver } from './receiver.ts';
export {
  describeWithRedis,
  type RedisOptions,
  type RedisServer,
  startRedis,
  type TestRedis,
  testRedis,
} from './redis.ts';
export { repoRoot } from './repo-root.ts';
export { seeded } from './seeded.ts';
export { describeWithSmallDisk, type SmallDisk, smallDisk } from './small-disk.ts';
export { describeWithSystemPostgres, type SystemPostgres, startSystemPostgres } from './system-postgres.ts';
export { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { describeWithTools, type TestTool } from './tools.ts';
