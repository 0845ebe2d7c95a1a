/** A page that goes on: what it hears, and what it may do. */
import { h, type ComponentChild } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { News } from '../live/index.js';
import type { PageData } from '../report/page.js';
import { App } from './app.js';
import { count, many } from './format.js';
import { keyOf, rowOf, stateOf, type Row, type State } from './model.js';

interface LiveState extends State {
  readonly isConnected: boolean;
  /** Items a second. */
  readonly rate: number;
}

export function Live({ data }: { readonly data: PageData }): ComponentChild {
  const [state, setState] = useState<LiveState>(() => ({
    ...stateOf(data),
    isConnected: false,
    rate: 0,
  }));
  useEffect(() => {
    const events = new EventSource('events');
    events.onmessage = ({ data: text }: MessageEvent<string>) =>
      setState((before) => applyNews(before, JSON.parse(text) as News));
    events.onerror = () => setState((before) => ({ ...before, isConnected: false, rate: 0 }));
    return () => events.close();
  }, []);
  return h(App, {
    state,
    status: h(Status, { state }),
    act: (row: Row) => row.how === 'open' && h(Close, { key: row.key, row }),
  });
}

export function applyNews(before: LiveState, news: News): LiveState {
  const rows = new Map(before.rows.map((row) => [row.key, row]));
  for (const thread of news.lanes.threads) {
    for (const lane of thread.lanes)
      rows.set(keyOf(thread, lane.id), rowOf(lane, thread, news.lanes));
  }
  const keyIn = (thread: number, id: number): string => keyOf({ pid: news.pid, thread }, id);
  for (const [thread, id] of news.forgotten) rows.delete(keyIn(thread, id));
  const open = new Map(
    news.open.map(([thread, id, since, isClosing]) => [keyIn(thread, id), { since, isClosing }]),
  );
  for (const [key, row] of rows) {
    const at = row.how === 'open' ? open.get(key) : undefined;
    const pendingSince = at?.since ?? undefined;
    const isClosing = at?.isClosing ?? false;
    if (row.pendingSince !== pendingSince || row.isClosing !== isClosing)
      rows.set(key, { ...row, pendingSince, isClosing });
  }
  const sources = { ...before.data.sources };
  for (const [file, lines] of Object.entries(news.sources))
    sources[file] = { ...sources[file], ...lines };
  const seconds = (news.now - before.now) / 1000;
  const items = itemsOf(news.generators) - itemsOf(before.data.generators);
  return {
    data: { ...before.data, generators: news.generators, sources },
    rows: [...rows.values()],
    now: news.now,
    isConnected: true,
    rate: before.isConnected && seconds > 0 ? Math.max(0, items / seconds) : 0,
  };
}

const itemsOf = (generators: PageData['generators']): number =>
  generators.reduce((sum, { items }) => sum + items, 0);

function Status({ state }: { readonly state: LiveState }): ComponentChild {
  const { rows, rate, isConnected, data } = state;
  const open = data.generators.reduce((sum, each) => sum + each.open, 0);
  const waiting = rows.filter(
    ({ how, pendingSince }) => how === 'open' && pendingSince !== undefined,
  );
  const facts = [
    `${count(open)} open now`,
    `${count(waiting.length)} in a step that somebody waits for`,
    `${many(Math.round(rate), 'item')} a second`,
  ];
  return h('p', { class: 'verdict', role: 'status' }, [
    h(
      'b',
      { class: isConnected ? 'good' : 'bad' },
      isConnected ? '● live ' : '○ not connected, the program may have ended ',
    ),
    facts.join(', '),
  ]);
}

/** Asks a generator to end, when somebody wants that. */
function Close({ row }: { readonly row: Row }): ComponentChild {
  const [told, setTold] = useState('');
  const close = async (): Promise<void> => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch('close', {
      method: 'PUT',
      headers,
      body: `${row.thread}.${row.id}`,
    }).catch(() => undefined);
    setTold(answer?.ok ? 'asked to close' : 'it cannot be closed');
  };
  return h('span', null, [
    h('button', { type: 'button', class: 'act', onClick: () => void close() }, 'Close it'),
    ' ',
    told,
  ]);
}
