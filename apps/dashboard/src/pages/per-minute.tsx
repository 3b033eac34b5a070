/** The last hour minute by minute: a chart, and the same as a table for those who do not see it. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Overview } from '../api/overview.ts';
import { Table } from '../ui/table.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useIsDark } from '../ui/use-media.ts';

const SERIES = [
  { kind: 'accepted', colour: '--accent' },
  { kind: 'cleared', colour: '--good' },
  { kind: 'rejected', colour: '--bad' },
] as const;
const HEIGHT_PX = 190;
const ZONE = 'Europe/Warsaw';

type Minutes = Overview['perMinute'];

export function PerMinute({ minutes }: { minutes: Minutes }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const format = useFormat();
  const isDark = useIsDark();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const names = SERIES.map(({ kind }) => t(`overview.todayOf.${kind}`)).join('\n');
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const drawn = new UPlot(optionsOf(element, names.split('\n'), language), [[], [], [], []], element);
    chart.current = drawn;
    const observer = new ResizeObserver(() =>
      drawn.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
      chart.current = null;
    };
    // Its colours are drawn once, those of that moment.
  }, [names, language, isDark]);
  useEffect(() => chart.current?.setData(dataOf(minutes)));
  return (
    <>
      <div ref={place} className="chart" aria-hidden="true" />
      <details>
        <summary>{t('overview.asTable')}</summary>
        <Table
          label={t('overview.perMinute')}
          rows={minutes}
          rowKey={({ at }) => at}
          columns={[
            { title: t('overview.minute'), cell: ({ at }) => format.time(at) },
            ...SERIES.map(({ kind }) => ({
              title: t(`overview.todayOf.${kind}`),
              cell: (minute: Minutes[number]) => format.number(minute[kind]),
              as: 'number' as const,
            })),
          ]}
        />
      </details>
    </>
  );
}

function dataOf(minutes: Minutes): UPlot.AlignedData {
  return [
    minutes.map(({ at }) => Date.parse(at) / 1000),
    ...SERIES.map(({ kind }) => minutes.map((minute) => minute[kind])),
  ] as UPlot.AlignedData;
}

function optionsOf(element: HTMLElement, names: readonly string[], language: string): UPlot.Options {
  const colour = (name: string) => () => colourOf(element, name);
  const time = new Intl.DateTimeFormat(language, { timeZone: ZONE, hour: '2-digit', minute: '2-digit' });
  const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line') } };
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    axes: [{ ...axis, values: (_chart, at) => at.map((seconds) => time.format(seconds * 1000)) }, axis],
    legend: { live: false },
    cursor: { show: false },
    scales: { y: { range: (_chart, _least, most) => [0, Math.max(most, 5)] } },
    series: [
      {},
      ...SERIES.map(({ colour: name }, index) => ({
        label: names[index] ?? '',
        stroke: colour(name),
        width: 2,
        points: { show: false },
      })),
    ],
  };
}

/** A token as it looks at this moment: a canvas does not know of light-dark(), the colour of an element is one of the two. */
function colourOf(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`;
  return getComputedStyle(element).color;
}
