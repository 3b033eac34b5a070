/** A state in one or two words, with the tone it has everywhere. */
import { useTranslation } from 'react-i18next';
import { type Tone, toneOf } from './tones.ts';

export function StateChip({
  of,
  state,
}: {
  of: 'invoice' | 'session' | 'authentication' | 'connection' | 'webhook' | 'delivery';
  state: string;
}) {
  const { t } = useTranslation();
  return <Chip tone={toneOf(state)}>{t(`state.${of}.${state}`)}</Chip>;
}

export function Chip({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`chip ${tone}`}>{children}</span>;
}
