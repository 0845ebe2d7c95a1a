/**
 * Draws docs/report.svg: what the command prints for the program of the README, in its colours. With `--check` it draws nothing, and fails
 * if the picture shows something else than what is printed now; times are left out.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const file = path('docs/report.svg');

function printed() {
  const folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-picture-'));
  try {
    const [, program] = /^`app\.mjs`\n\n```js\n(.*?)```/ms.exec(
      readFileSync(path('README.md'), 'utf8'),
    );
    writeFileSync(join(folder, 'app.mjs'), program);
    const { stdout, stderr } = spawnSync(process.execPath, [path('dist/bin.cjs'), 'app.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        FORCE_COLOR: '1',
        NO_COLOR: undefined,
        COLUMNS: '80',
        NODE_OPTIONS: '',
      },
    });
    return `$ npx asyncgen-hooks app.mjs\n${stdout}${stderr}`
      .trimEnd()
      .replace(/\b\d+ ms\b/g, '12 ms');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const CLASSES = { 1: 'b', 31: 'r', 33: 'y' };
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text) => text.replace(/[&<>]/g, (char) => ENTITIES[char]);

/** One `<tspan>` for each run of a colour. */
function spans(line) {
  let name;
  return line
    .split(/(\u001B\[\d+m)/)
    .map((part) => {
      const [, code] = /^\u001B\[(\d+)m$/.exec(part) ?? [];
      if (code === undefined)
        return name ? `<tspan class="${name}">${escaped(part)}</tspan>` : escaped(part);
      name = CLASSES[code];
      return '';
    })
    .join('');
}

function draw(text) {
  const lines = text.split('\n');
  const [width, lineHeight, top] = [720, 20, 32];
  const height = top + lines.length * lineHeight;
  const rows = lines.map(
    (line, i) =>
      `<text x="20" y="${top + i * lineHeight}" xml:space="preserve">${spans(line)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d8dee9; white-space: pre }
.b { font-weight: bold; fill: #fff } .r { fill: #ff7b72 } .y { fill: #e3b341 }
</style>
<rect width="100%" height="100%" rx="8" fill="#161b22"/>
${rows.join('\n')}
</svg>
`;
}

const picture = draw(printed());
if (!process.argv.includes('--check')) writeFileSync(file, picture);
else if (readFileSync(file, 'utf8') !== picture) {
  console.error('docs/report.svg: it is not what the command prints. Run npm run picture.');
  process.exitCode = 1;
}
