/** The formatters in the language that is spoken. */
import { useTranslation } from 'react-i18next';
import {
  formatAmount,
  formatBytes,
  formatDuration,
  formatInstant,
  formatNumber,
  formatRelative,
  formatTime,
} from '../format.ts';

export function useFormat() {
  const { language } = useTranslation().i18n;
  return {
    number: (value: number) => formatNumber(value, language),
    amount: (value: string, currency: string | null) => formatAmount(value, currency, language),
    bytes: (value: number) => formatBytes(value, language),
    instant: (value: string | null) => (value === null ? '—' : formatInstant(value, language)),
    time: (value: string) => formatTime(value, language),
    relative: (value: string) => formatRelative(value, Date.now(), language),
    duration: (value: number) => formatDuration(value, language),
  };
}
