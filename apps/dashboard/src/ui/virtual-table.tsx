/** A table of any length: only the rows in view are in the page. Enter or a click opens a row. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMedia } from './use-media.ts';

export interface Column<Row> {
  readonly title: string;
  /** As CSS grid has it. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  readonly isNumber?: boolean;
  /** Left out where there is little room. */
  readonly isMinor?: boolean;
}

interface VirtualTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** Near the last row: time for the next page. */
  readonly onEnd?: () => void;
  readonly onOpen?: (row: Row) => void;
}

const ROW_PX = 46;
const HEAD_PX = 40;
const HEIGHT_PX_MAX = 640;
const ROWS_BEFORE_END = 30;
const NARROW = '(max-width: 46rem)';

export function VirtualTable<Row>({ label, rows, columns, rowKey, onEnd, onOpen }: VirtualTableProps<Row>) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const isNarrow = useMedia(NARROW);
  const shown = isNarrow ? columns.filter(({ isMinor }) => isMinor !== true) : columns;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    initialRect: { width: 800, height: HEIGHT_PX_MAX },
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - ROWS_BEFORE_END) onEnd?.();
  }, [last, rows.length, onEnd]);
  const layout = {
    '--columns': shown.map(({ width }) => width).join(' '),
    height: Math.min(HEIGHT_PX_MAX, rows.length * ROW_PX + HEAD_PX),
  } as CSSProperties;
  if (rows.length === 0) return <p className="quiet">{t('common.none')}</p>;
  return (
    <div
      ref={frame}
      className="vtable"
      style={layout}
      tabIndex={0}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
    >
      <div className="vrow vhead" role="row" aria-rowindex={1}>
        {shown.map(({ title, isNumber }) => (
          <span key={title} role="columnheader" className={isNumber === true ? 'number' : ''}>
            {title}
          </span>
        ))}
      </div>
      <div className="vbody" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={rowKey(row)}
              className="vrow"
              role="row"
              aria-rowindex={index + 2}
              style={{ height: ROW_PX, transform: `translateY(${start}px)` }}
              onClick={({ target }) => opensRow(target) && onOpen?.(row)}
            >
              {shown.map(({ title, cell, isNumber }) => (
                <span key={title} role="cell" className={isNumber === true ? 'number' : ''}>
                  {cell(row)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A link, button or box in the row does what it does by itself. */
function opensRow(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label') === null;
}
