import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const WIDTH = 820;
const ROW = 34;
const COLOURS = ['#2f6fdd', '#9bbcf2'];
const TEXT = { color: '#24292f', fontFamily: 'system-ui, sans-serif' };

/**
 * A bar chart of ratios on a logarithmic axis that begins at native.
 *
 * @param {string} title
 * @param {string[]} names one for each row, from the top
 * @param {{ name: string, values: number[] }[]} series
 * @returns {string} SVG
 */
export function drawRatios(title, names, series) {
  const height = 110 + names.length * ROW;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: COLOURS,
    textStyle: TEXT,
    title: { text: title, left: 16, top: 12, textStyle: { ...TEXT, fontSize: 15 } },
    legend: { top: 40, left: 16, itemGap: 48, textStyle: TEXT },
    grid: { left: 230, right: 56, top: 76, bottom: 36, outerBoundsMode: 'none' },
    xAxis: {
      type: 'log',
      min: 1,
      axisLabel: { formatter: '{value}×', ...TEXT },
      splitLine: { lineStyle: { color: '#d8dee4' } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names.map((name) => name.replaceAll('`', '')),
      axisTick: { show: false },
      axisLabel: { ...TEXT, fontSize: 12 },
    },
    series: series.map(({ name, values }) => ({
      name,
      type: 'bar',
      barGap: '10%',
      data: values.map((value) => Math.max(1, Number(value.toFixed(2)))),
      label: { show: true, position: 'right', formatter: '{c}', ...TEXT, fontSize: 11 },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
