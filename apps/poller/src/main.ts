import { runProcess } from '@wsad/wiring';
import { startPoller } from './start-poller.ts';

await runProcess('poller', (world, queue) => startPoller(world, queue));
