export { type Poller, startPoller } from './start-poller.ts';
