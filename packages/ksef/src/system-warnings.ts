/** What KSeF announces beside its answers, in the header X-System-Warning: `[code]: message | [code]: message`. */
import type { EmitEvent } from '@wsad/domain';
import { headerOf } from './bodies.ts';
import type { Answer } from './wire.ts';

const WARNINGS_MAX = 20;
const TEXT_CHARACTERS_MAX = 500;
/** The same words are told again after so long, so that it shows until when they were said. */
const TOLD_AGAIN_MS = 600_000;

export function systemWarningsOf(answer: Answer): string[] {
  const texts = (headerOf(answer, 'x-system-warning') ?? '').split('|').map((text) => text.trim());
  const told = [...new Set(texts)].filter((text) => text !== '');
  return told.slice(0, WARNINGS_MAX).map((text) => text.slice(0, TEXT_CHARACTERS_MAX));
}

/** Emits each warning once in a while, however many calls carry it. */
export function watchSystemWarnings(
  emit: EmitEvent,
  clock: () => Date,
): (operation: string, answer: Answer) => void {
  const toldAt = new Map<string, number>();
  return (operation, answer) => {
    const now = clock().getTime();
    for (const text of systemWarningsOf(answer)) {
      if (now - (toldAt.get(text) ?? Number.NEGATIVE_INFINITY) < TOLD_AGAIN_MS) continue;
      toldAt.delete(text);
      toldAt.set(text, now);
      const [oldest] = toldAt.keys();
      if (toldAt.size > WARNINGS_MAX && oldest !== undefined) toldAt.delete(oldest);
      emit({ type: 'ksef.warned', operation, text });
    }
  };
}
