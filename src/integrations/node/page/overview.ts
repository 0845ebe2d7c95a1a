import { h, type ComponentChild } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { colors } from './format.js';
import { overviewOf, type Row } from './model.js';

interface Props {
  readonly rows: readonly Row[];
  readonly span: readonly [number, number];
  readonly theme: string;
  /** In milliseconds. */
  readonly onChoose: (from: number, to: number) => void;
}

const PARTS = 200;
const HEIGHT = 140;

const fromZero: uPlot.Range.Function = (_, _min, max) => [0, Math.max(1, max ?? 1) * 1.05];

/** How many generators were open, and how many items came in a second. A span of it is chosen by the mouse. */
export function Overview({ rows, span, theme, onChoose }: Props): ComponentChild {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const choose = useRef(onChoose);
  choose.current = onChoose;
  const [from, to] = span;
  const data = useMemo((): uPlot.AlignedData => {
    const { times, open, rates } = overviewOf(rows, [from, to], PARTS);
    return [times, open, rates];
  }, [rows, from, to]);

  useEffect(() => {
    const color = colors();
    const axis = {
      stroke: color('--dim'),
      grid: { stroke: color('--line'), width: 1 },
      ticks: { stroke: color('--line'), width: 1 },
    };
    const font = `11px ${getComputedStyle(document.body).fontFamily}`;
    const made = new uPlot(
      {
        width: box.current!.clientWidth,
        height: HEIGHT,
        scales: { x: { time: false }, open: { range: fromZero }, rate: { range: fromZero } },
        cursor: { drag: { setScale: false }, y: false },
        legend: { live: true },
        axes: [
          { ...axis, font, size: 30, values: (_, all) => all.map((each) => `${each} s`) },
          {
            ...axis,
            font,
            scale: 'open',
            size: 52,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
          },
          { ...axis, font, scale: 'rate', side: 1, grid: { show: false }, size: 68 },
        ],
        series: [
          { label: 'seconds', value: (_, each) => (each == null ? '–' : each.toFixed(3)) },
          {
            label: 'open',
            value: (_, each) => (each == null ? '–' : String(each)),
            scale: 'open',
            stroke: color('--open'),
            fill: color('--open-fill'),
            width: 1.5,
            points: { show: false },
            paths: uPlot.paths.stepped!({ align: 1 }),
          },
          {
            label: 'items a second',
            scale: 'rate',
            stroke: color('--items'),
            width: 1.5,
            points: { show: false },
            value: (_, each) => (each == null ? '–' : Math.round(each).toLocaleString('en-US')),
          },
        ],
        hooks: {
          setSelect: [
            (u) => {
              if (u.select.width < 3) return;
              const at = (x: number): number => u.posToVal(x, 'x') * 1000;
              choose.current(at(u.select.left), at(u.select.left + u.select.width));
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      data,
      box.current!,
    );
    plot.current = made;
    const observer = new ResizeObserver(([entry]) =>
      made.setSize({ width: entry!.contentRect.width, height: HEIGHT }),
    );
    observer.observe(box.current!);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [theme]);
  useEffect(() => plot.current?.setData(data), [data]);
  return h('div', { class: 'overview', ref: box });
}
