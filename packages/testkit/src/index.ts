export {
  COMPANY_SEAL,
  PERSON,
  type SubjectAttribute,
  type TestCertificate,
  type TestCertificateOptions,
  testCertificate,
} from './certificates.ts';
export { type Template, type TestDatabase, testDatabase } from './database.ts';
export { type EventuallyOptions, eventually } from './eventually.ts';
export { describeWithOfficialFiles, type OfficialFiles, officialFiles } from './official-files.ts';
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
export { describeWithSystemPostgres, type SystemPostgres, startSystemPostgres } from './system-postgres.ts';
export { describeWithTools, type TestTool } from './tools.ts';
