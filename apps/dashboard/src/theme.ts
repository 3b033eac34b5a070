/** Light or dark: as the system says, unless the person chose; the choice is kept in this browser. */
import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'wsad.theme';
const listeners = new Set<() => void>();

export function themeOf(kept: string | null): Theme {
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

export function applyTheme(): void {
  const theme = themeOf(localStorage.getItem(KEY));
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => themeOf(localStorage.getItem(KEY)),
  );
}
