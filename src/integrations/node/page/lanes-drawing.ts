import { colors, duration, marksOf } from './format.js';
import { CLOSING, isProblem, PENDING, STEP_WIDTH, type Row } from './model.js';

export const LANE = 20;
export const AXIS = 22;

export interface View {
  readonly rows: readonly Row[];
  readonly range: readonly [from: number, to: number];
  /** What open ones last until. */
  readonly now: number;
  readonly chosen: string | undefined;
  readonly scrollTop: number;
  readonly width: number;
  readonly height: number;
}

/** The width of the names, in front of the lanes. */
export const namesWidth = (width: number): number => Math.min(260, Math.round(width * 0.3));

/** Draws the lanes that can be seen. */
export function drawLanes(canvas: HTMLCanvasElement, view: View): void {
  const { rows, width, height, scrollTop } = view;
  const ratio = devicePixelRatio;
  const context = canvas.getContext('2d')!;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const pen = new Pen(context, view);
  const first = Math.max(0, Math.floor(scrollTop / LANE));
  const last = Math.min(rows.length, Math.ceil((scrollTop + height - AXIS) / LANE));
  pen.grid();
  for (let at = first; at < last; at++) pen.lane(rows[at]!, AXIS + at * LANE - scrollTop);
  pen.axis();
}

class Pen {
  readonly #color = colors();
  readonly #font = getComputedStyle(document.body).fontFamily;
  readonly #names: number;
  readonly #stripes: CanvasPattern | string;

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly view: View,
  ) {
    this.#names = namesWidth(view.width);
    this.#stripes = stripes(context, this.#color('--closing'), this.#color('--closing-2'));
  }

  /** Behind the lanes. */
  grid(): void {
    const { context, view } = this;
    const { width, range, height } = view;
    context.fillStyle = this.#color('--line');
    for (const mark of marksOf(...range, this.#marks(width)).marks)
      context.fillRect(Math.round(this.#x(mark)), AXIS, 1, height);
  }

  /** In front of them. */
  axis(): void {
    const { context, view } = this;
    const { width, range } = view;
    const [from, to] = range;
    context.fillStyle = this.#color('--paper');
    context.fillRect(0, 0, width, AXIS);
    context.font = `11px ${this.#font}`;
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    const { step, marks } = marksOf(from, to, this.#marks(width));
    for (const mark of marks) {
      const x = Math.round(this.#x(mark)) + 0.5;
      context.fillStyle = this.#color('--dim');
      context.fillText(
        step < 1000 && to < 10_000 ? duration(mark) : `${trim(mark / 1000)} s`,
        x,
        AXIS / 2,
      );
    }
    context.fillStyle = this.#color('--line');
    context.fillRect(0, AXIS - 1, width, 1);
  }

  lane(row: Row, y: number): void {
    const { context, view } = this;
    const { width, chosen, now } = view;
    if (row.key === chosen) {
      context.fillStyle = this.#color('--chosen');
      context.fillRect(0, y, width, LANE);
    }
    this.#name(row, y);
    context.save();
    context.beginPath();
    context.rect(this.#names, y, width - this.#names, LANE);
    context.clip();
    const middle = y + LANE / 2;
    const [begin, end] = [this.#x(row.from), this.#x(Math.min(row.to, now))];
    context.fillStyle = this.#color('--parked');
    context.fillRect(begin, middle - 1, Math.max(1, end - begin), 2);
    this.#steps(row, middle);
    context.fillStyle = this.#color('--dim');
    context.fillRect(begin - 0.5, middle - 4, 1, 8);
    this.#end(row, end, middle);
    context.restore();
  }

  #name(row: Row, y: number): void {
    const { context } = this;
    const room = this.#names - 16;
    context.save();
    context.beginPath();
    context.rect(0, y, this.#names - 8, LANE);
    context.clip();
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.font = `600 12px ${this.#font}`;
    context.fillStyle = this.#color(isProblem(row) ? '--bad' : '--ink');
    context.fillText(row.name, 8, y + LANE / 2);
    const used = context.measureText(row.name).width + 8;
    if (used < room) {
      context.font = `12px ${this.#font}`;
      context.fillStyle = this.#color('--dim');
      context.fillText(row.place, 8 + used, y + LANE / 2);
    }
    context.restore();
  }

  #steps({ steps, pendingSince, isClosing }: Row, middle: number): void {
    const [from, to] = this.view.range;
    // What falls into one pixel is drawn once.
    let lastTick = -1;
    for (let at = 0; at < steps.length; at += STEP_WIDTH) {
      const [begin, end] = [steps[at]!, steps[at + 1]!];
      if (end < from) continue;
      if (begin > to) break;
      const kind = steps[at + 4]!;
      const share = end > begin ? Math.min(1, steps[at + 2]! / (end - begin)) : 1;
      this.#wait(begin, end, share, kind >= CLOSING, middle);
      const items = steps[at + 3]!;
      const tick = Math.round(this.#x(end));
      if (items === 0 || tick === lastTick) continue;
      lastTick = tick;
      this.context.fillStyle = this.#color('--items');
      if (items === 1) this.context.fillRect(tick - 0.5, middle - 7, 1.5, 14);
      else
        this.context.fillRect(this.#x(begin), middle + 3, Math.max(1.5, tick - this.#x(begin)), 4);
      if (kind % CLOSING === PENDING) break;
    }
    if (pendingSince !== undefined) this.#wait(pendingSince, this.view.now, 1, isClosing, middle);
  }

  /** @param share how much of that time somebody waited, where several steps are one. */
  #wait(begin: number, end: number, share: number, isClosing: boolean, middle: number): void {
    const { context } = this;
    const [x, to] = [this.#x(begin), this.#x(end)];
    const height = isClosing ? 14 : 2 + 8 * share;
    context.fillStyle = isClosing ? this.#stripes : this.#color('--waiting');
    context.fillRect(x, middle - height / 2, Math.max(0.75, to - x), height);
  }

  /** The same shapes stand in the legend. */
  #end(row: Row, x: number, middle: number): void {
    const { context, view } = this;
    const at = Math.min(x, view.width - 6);
    context.lineWidth = 2;
    context.strokeStyle = context.fillStyle = this.#color(isProblem(row) ? '--bad' : '--good');
    context.beginPath();
    if (row.how === 'exhausted' || row.how === 'closed') {
      context.arc(at, middle, 3.5, 0, 2 * Math.PI);
      if (row.how === 'exhausted') context.fill();
      else context.stroke();
    } else if (row.how === 'failed') {
      context.moveTo(at - 4, middle - 4);
      context.lineTo(at + 4, middle + 4);
      context.moveTo(at + 4, middle - 4);
      context.lineTo(at - 4, middle + 4);
      context.stroke();
    } else if (row.how === 'abandoned') {
      context.moveTo(at, middle - 5);
      context.lineTo(at + 5, middle);
      context.lineTo(at, middle + 5);
      context.lineTo(at - 5, middle);
      context.closePath();
      context.stroke();
    } else {
      if (row.how === 'open') context.fillStyle = this.#color('--open');
      context.moveTo(at - 4, middle - 5);
      context.lineTo(at + 5, middle);
      context.lineTo(at - 4, middle + 5);
      context.closePath();
      context.fill();
    }
  }

  #marks(width: number): number {
    return (width - this.#names) / 90;
  }

  #x(time: number): number {
    const { range, width } = this.view;
    const [from, to] = range;
    return this.#names + ((time - from) / (to - from)) * (width - this.#names - 10);
  }
}

const trim = (seconds: number): string => String(Math.round(seconds * 1e6) / 1e6);

/** What closes is told from what waits without colours, too. */
function stripes(
  context: CanvasRenderingContext2D,
  one: string,
  two: string,
): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const pen = tile.getContext('2d')!;
  pen.fillStyle = one;
  pen.fillRect(0, 0, 6, 6);
  pen.strokeStyle = two;
  pen.lineWidth = 2;
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift - 1, 7);
    pen.lineTo(shift + 7, -1);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat') ?? one;
}
