/** What runs in the page of a report. */
import { h, render } from 'preact';
import uPlotStyle from 'uplot/dist/uPlot.min.css';
import type { PageData } from '../report/page.js';
import { App } from './app.js';
import { Live } from './live.js';
import { stateOf } from './model.js';
import style from './style.css';

const sheet = document.createElement('style');
sheet.textContent = uPlotStyle + style;
document.head.append(sheet);
const data = JSON.parse(document.getElementById('data')!.textContent!) as PageData;
const app = data.isLive ? h(Live, { data }) : h(App, { state: stateOf(data) });
render(app, document.getElementById('page')!);
