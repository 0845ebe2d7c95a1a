import { h, type ComponentChild } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { duration, many } from './format.js';
import { AXIS, drawLanes, LANE, namesWidth } from './lanes-drawing.js';
import { STEP_WIDTH, type Row } from './model.js';

type Range = readonly [from: number, to: number];

interface Props {
  readonly rows: readonly Row[];
  readonly span: Range;
  readonly range: Range;
  readonly now: number;
  readonly chosen: string | undefined;
  readonly theme: string;
  readonly onChoose: (row: Row) => void;
  readonly onRange: (range: Range) => void;
}

const HEIGHT = 430;
const LEAST_RANGE = 0.01;

/** A lane for each generator. */
export function Lanes(props: Props): ComponentChild {
  const { rows, span, range, now, chosen, theme, onChoose, onRange } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [scrollTop, setTop] = useState(0);
  const [width, setWidth] = useState(800);
  const [hint, setHint] = useState<{ x: number; y: number; row: Row; time: number } | undefined>();
  const drag = useRef<{ x: number; range: Range; hasMoved: boolean } | undefined>(undefined);
  const height = Math.min(HEIGHT, AXIS + rows.length * LANE + 4);

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => setWidth(box.current!.clientWidth));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const view = { rows, range, now, chosen, scrollTop, width, height };
    const frame = requestAnimationFrame(() => drawLanes(canvas.current!, view));
    return () => cancelAnimationFrame(frame);
  }, [rows, range, now, chosen, scrollTop, width, height, theme]);

  const [names, wide] = [namesWidth(width), width - namesWidth(width) - 10];
  const timeAt = (x: number): number => range[0] + ((x - names) / wide) * (range[1] - range[0]);
  const zoom = (center: number, factor: number): void => {
    const from = Math.max(span[0], center - (center - range[0]) * factor);
    const to = Math.min(span[1], center + (range[1] - center) * factor);
    if (to - from >= LEAST_RANGE) onRange([from, to]);
  };
  const pan = (given: Range, by: number): void => {
    const shift = Math.max(span[0] - given[0], Math.min(span[1] - given[1], by));
    onRange([given[0] + shift, given[1] + shift]);
  };

  // Added by hand: as Preact adds it, the browser would not let us keep the page from being zoomed.
  useEffect(() => {
    const target = canvas.current!;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(timeAt(event.offsetX), Math.exp(event.deltaY / 200));
    };
    target.addEventListener('wheel', onWheel, { passive: false });
    return () => target.removeEventListener('wheel', onWheel);
  });

  const rowAt = (y: number): Row | undefined =>
    y < AXIS ? undefined : rows[Math.floor((y - AXIS + scrollTop) / LANE)];
  const onMove = (event: PointerEvent): void => {
    const { offsetX: x, offsetY: y } = event;
    const held = drag.current;
    if (held !== undefined && (held.hasMoved || Math.abs(x - held.x) > 4)) {
      held.hasMoved = true;
      pan(held.range, ((held.x - x) / wide) * (held.range[1] - held.range[0]));
    }
    const row = rowAt(y);
    setHint(row && { x, y, row, time: timeAt(x) });
  };
  const onUp = (event: PointerEvent): void => {
    const row = rowAt(event.offsetY);
    if (drag.current?.hasMoved === false && row !== undefined) onChoose(row);
    drag.current = undefined;
  };
  const onKey = (event: KeyboardEvent): void => {
    const middle = (range[0] + range[1]) / 2;
    const part = (range[1] - range[0]) / 8;
    const at = rows.findIndex(({ key }) => key === chosen);
    const go = (to: number): void => {
      const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
      if (row === undefined) return;
      onChoose(row);
      const y = rows.indexOf(row) * LANE;
      const room = height - AXIS - LANE;
      if (y < scrollTop) box.current!.scrollTop = y;
      else if (y > scrollTop + room) box.current!.scrollTop = y - room;
    };
    const keys: Record<string, () => void> = {
      '+': () => zoom(middle, 0.5),
      '-': () => zoom(middle, 2),
      '0': () => onRange(span),
      ArrowLeft: () => pan(range, -part),
      ArrowRight: () => pan(range, part),
      ArrowUp: () => go(at - 1),
      ArrowDown: () => go(at + 1),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]!();
  };

  return h(
    'div',
    { class: 'lanes-frame' },
    h(
      'div',
      {
        class: 'lanes',
        ref: box,
        style: `height: ${height}px`,
        tabIndex: 0,
        'aria-label':
          'Lanes. Arrows choose a lane and move in time, plus and minus zoom, 0 shows all.',
        role: 'group',
        onScroll: () => setTop(box.current!.scrollTop),
        onKeyDown: onKey,
      },
      h('canvas', {
        ref: canvas,
        style: `width: ${width}px; height: ${height}px`,
        role: 'img',
        'aria-label': `${many(rows.length, 'generator')}, each a lane`,
        onPointerDown: (event: PointerEvent) => {
          drag.current = { x: event.offsetX, range, hasMoved: false };
        },
        onPointerMove: onMove,
        onPointerUp: onUp,
        onPointerLeave: () => {
          drag.current = undefined;
          setHint(undefined);
        },
        onDblClick: () => onRange(span),
      }),
      h('div', { style: `height: ${Math.max(0, AXIS + rows.length * LANE - height)}px` }),
    ),
    hint && h(Hint, { ...hint, width, now }),
  );
}

interface HintProps {
  readonly x: number;
  readonly y: number;
  readonly row: Row;
  readonly time: number;
  readonly width: number;
  readonly now: number;
}

function Hint({ x, y, row, time, width, now }: HintProps): ComponentChild {
  const style = `top: ${y + 14}px; ${x > width / 2 ? `right: ${width - x + 12}px` : `left: ${x + 12}px`}`;
  return h(
    'div',
    { class: 'hint', style },
    h('b', null, row.name),
    ` ${row.place}`,
    h('br', null),
    `${row.how}, ${many(row.items, 'item')}, ${duration(Math.min(row.to, now) - row.from)}`,
    h('br', null),
    `${whatAt(row, time, now)} at ${duration(time)}`,
  );
}

/** What a generator did at a moment. */
function whatAt(
  { from, to, steps, pendingSince, isClosing }: Row,
  time: number,
  now: number,
): string {
  if (time < from) return 'not begun';
  if (time > Math.min(to, now)) return 'over';
  if (pendingSince !== undefined && time >= pendingSince)
    return isClosing ? 'closing' : 'in a step';
  for (let at = 0; at < steps.length; at += STEP_WIDTH) {
    if (time > steps[at + 1]!) continue;
    if (time < steps[at]!) break;
    return steps[at + 4]! >= 4 ? 'closing' : 'in a step';
  }
  return 'parked at a yield';
}
