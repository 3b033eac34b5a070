/** A short table, all of it in the page, that scrolls in its own place where there is little room. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Scroll } from './scroll.tsx';

export interface TableColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  readonly as?: 'number' | 'mono';
}

interface TableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly columns: readonly TableColumn<Row>[];
}

export function Table<Row>({ label, rows, rowKey, columns }: TableProps<Row>) {
  const { t } = useTranslation();
  if (rows.length === 0) return <p className="quiet">{t('common.none')}</p>;
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, as }) => (
              <th key={title} scope="col" className={as === 'number' ? as : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ title, cell, as }) => (
                <td key={title} className={as}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
