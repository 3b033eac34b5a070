/** Language and colours, kept in this browser. */
import { useTranslation } from 'react-i18next';
import { chooseTheme, THEMES, themeOf, useTheme } from '../theme.ts';
import { chooseLanguage, LANGUAGES, languageOf } from '../words/index.ts';

export function Settings() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  return (
    <div className="settings">
      <label>
        {t('settings.language')}
        <select
          value={i18n.language}
          onChange={({ target }) => void chooseLanguage(languageOf(target.value, []))}
        >
          {LANGUAGES.map((language) => (
            <option key={language} value={language} lang={language}>
              {t(`settings.languages.${language}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('settings.theme')}
        <select value={theme} onChange={({ target }) => chooseTheme(themeOf(target.value))}>
          {THEMES.map((each) => (
            <option key={each} value={each}>
              {t(`settings.themes.${each}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
