/** Everything the page says in English. */
import { common } from './common.ts';
import { connection } from './connection.ts';
import { events } from './events.ts';
import { faults } from './faults.ts';
import { operation } from './operation.ts';
import { sending } from './sending.ts';
import { webhooks } from './webhooks.ts';

export const en = { ...common, ...connection, ...sending, ...operation, ...events, ...faults, ...webhooks };
