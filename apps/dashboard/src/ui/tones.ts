/** How states look: what went well, what needs somebody, what is under way. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm' | 'plain';

const TONES: Readonly<Record<string, Tone>> = {
  ...{ cleared: 'good', settled: 'good', active: 'good', up: 'good', delivered: 'good' },
  ...{ held: 'warn', degraded: 'warn', failing: 'warn', expired: 'plain', opening: 'calm' },
  ...{ rejected: 'bad', failed: 'bad', refused: 'bad', blocked: 'bad', down: 'bad', stopped: 'bad' },
  ...{
    sending: 'calm',
    processing: 'calm',
    claimed: 'calm',
    opened: 'calm',
    closing: 'calm',
    closed: 'calm',
    pending: 'calm',
  },
};

export function toneOf(state: string): Tone {
  return TONES[state] ?? 'plain';
}
