/** Files that were refused when they were handed in, each with all its reasons. */
import { useTranslation } from 'react-i18next';
import type { Submitted } from '../api/hand-in.ts';

const SHOWN_MAX = 200;

export function Refused({ invoices }: Pick<Submitted, 'invoices'>) {
  const { t } = useTranslation();
  return (
    <div className="note bad">
      <p>{t('upload.refused', { count: invoices.length })}</p>
      <ul>
        {invoices.slice(0, SHOWN_MAX).map(({ fileName, invoiceNumber, sha256, errors }) => (
          <li key={`${fileName}${sha256}`}>
            <b>{fileName ?? invoiceNumber ?? sha256}</b>
            <ul>
              {errors.map(({ code, message, line }) => (
                <li key={`${code}${line}${message}`}>
                  {t(`fault.${code}`, { defaultValue: message })}
                  {line !== null && ` (${t('upload.line', { line })})`}
                  <details>
                    <summary>{code}</summary>
                    <span lang="en">{message}</span>
                  </details>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </div>
  );
}
