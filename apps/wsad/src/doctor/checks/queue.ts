/** Is the store of the queue there and fit for its work? */
import { examineQueue, type QueueExamination } from '@wsad/jobs';
import { type Finding, good, problem, unknown, warning, wordsOf } from '../finding.ts';

/** BullMQ wants 6.2 at least. */
const REDIS_VERSION_MIN = [6, 2] as const;

/** `queueUrl` null: the queue is in the database. */
export async function examineQueueStore(
  queueUrl: string | null,
  databaseUrl: string | null,
): Promise<Finding[]> {
  const url = queueUrl ?? databaseUrl;
  if (url === null) return [unknown('queue', 'the queue is in the database, which could not be opened')];
  try {
    return judge(await examineQueue(url));
  } catch (error) {
    const mend =
      'Check that the server runs and that QUEUE_URL is right. Nothing is lost meanwhile: what was accepted waits.';
    return [problem('queue', `the queue does not answer: ${wordsOf(error)}`, mend)];
  }
}

function judge({ store, version, maxmemoryPolicy }: QueueExamination): Finding[] {
  if (store === 'postgres') return [good('queue', `the queue is on PostgreSQL ${version}, which answers`)];
  if (isOlder(version)) {
    const says = `Redis ${version} is too old for the queue`;
    return [problem('queue', says, `Use Redis ${REDIS_VERSION_MIN.join('.')} or newer.`)];
  }
  const answers = good('queue', `Redis ${version} answers`);
  if (maxmemoryPolicy === null || maxmemoryPolicy === 'noeviction') return [answers];
  const says = `Redis may throw jobs away when its memory is full (maxmemory-policy ${maxmemoryPolicy})`;
  return [
    answers,
    warning('queue', says, 'Set maxmemory-policy noeviction; until then wsad rings again for what is lost.'),
  ];
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < REDIS_VERSION_MIN[0] || (major === REDIS_VERSION_MIN[0] && minor < REDIS_VERSION_MIN[1]);
}
