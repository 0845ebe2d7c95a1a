import { format, resolveConfig } from 'prettier';

/** A table in Markdown; `prettify` aligns it. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `1.07 (1.05–1.09)`: the median of the rounds, and from where to where half of them lie. */
export function ratio({ median, low, high }, digits = 2) {
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

export const signed = (value) => (value < 0 ? `−${(-value).toFixed(0)}` : `+${value.toFixed(0)}`);

export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

/** Formats the text as Prettier wants it in the project. */
export async function prettify(text, url) {
  const options = await resolveConfig(url);
  return format(text, { ...options, parser: 'markdown' });
}
