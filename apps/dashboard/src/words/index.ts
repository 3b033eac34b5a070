/** Polish and English: Polish where the browser says so, until the person chooses; the choice is kept in this browser. */
import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['pl', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEY = 'wsad.language';

const CATALOGUES = {
  pl: async () => (await import('./pl/index.ts')).pl,
  en: async () => (await import('./en/index.ts')).en,
};

export function languageOf(kept: string | null, ofBrowser: readonly string[]): Language {
  const wanted = kept ?? ofBrowser[0] ?? '';
  return wanted.toLowerCase().startsWith('pl') ? 'pl' : 'en';
}

export async function startWords(): Promise<i18n> {
  const words = i18next.use(initReactI18next);
  await words.init({ resources: {}, fallbackLng: false, interpolation: { escapeValue: false } });
  await speak(languageOf(localStorage.getItem(KEY), navigator.languages));
  return words;
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEY, language);
  await speak(language);
}

/** Only the catalogue that is spoken is loaded. */
async function speak(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation'))
    i18next.addResourceBundle(language, 'translation', await CATALOGUES[language]());
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
