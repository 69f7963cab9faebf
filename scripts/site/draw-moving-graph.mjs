// Draws the moving picture of the README: a graph whose frames move, and whose levels are those of the greeting.
// node scripts/site/draw-moving-graph.mjs [--check]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toSvg } from '../../packages/cli/dist/drawing/to-svg.js';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'docs/moving-graph.svg');
/** One round of the picture, in seconds: as long as the greeting is. */
const LOOP = 7.4;
const STEPS = 74;

const nodes = [
  { id: 'fromWavFile voice', kind: 'source' },
  { id: 'fromWavFile music', kind: 'source' },
  { id: 'gain', kind: 'operator' },
  { id: 'mixer, ducked', kind: 'node' },
  { id: 'toMicrophone', kind: 'sink' },
  { id: 'toWavFile', kind: 'sink' },
];
const link = (from, to, format, converter) => ({ from, to, format, converter, policy: 'block' });
const links = [
  link('fromWavFile voice', 'gain', '16 kHz'),
  link('fromWavFile music', 'mixer, ducked', undefined, '44.1 → 48 kHz'),
  link('gain', 'mixer, ducked', undefined, '16 → 48 kHz'),
  link('mixer, ducked', 'toMicrophone', '48 kHz'),
  link('mixer, ducked', 'toWavFile', '48 kHz'),
];

/** Loudness in steps of equal length, 0 to 1, of 16-bit samples behind a header of 44 bytes. */
function levelsOf(path) {
  const bytes = readFileSync(path).subarray(44);
  const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
  const size = Math.floor(samples.length / STEPS);
  const loud = Array.from({ length: STEPS }, (_, step) => {
    const part = samples.subarray(step * size, (step + 1) * size);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / size);
  });
  const most = Math.max(...loud);
  return loud.map((level) => level / most);
}

const keyframes = (name, levels) =>
  `@keyframes ${name}{${levels.map((level, step) => `${Math.round((100 * step) / (levels.length - 1))}%{transform:scaleX(${level.toFixed(2)})}`).join('')}}`;

const voice = levelsOf(join(root, 'examples/assets/greeting.wav'));
// Music steps back while somebody speaks.
const music = voice.map((level, step) => Math.max(0.15, 0.75 - 0.6 * Math.max(level, voice[step - 1] ?? 0)));
const both = voice.map((level, step) => Math.min(1, Math.hypot(0.7 * level, 0.5 * music[step])));
const meters = {
  'fromWavFile voice': 'voice',
  'fromWavFile music': 'steady',
  gain: 'voice',
  'mixer, ducked': 'both',
  toMicrophone: 'both',
  toWavFile: 'both',
};

const drawn = toSvg({ name: 'Voice and ducked music, mixed into a call and a file', nodes, links });
const ways = [...drawn.matchAll(/<path class="way" d="([^"]+)"/g)].map(([, d]) => d);
const dots = ways.flatMap((d, way) =>
  Array.from(
    { length: 4 },
    (_, dot) =>
      `<circle class="dot ${links[way].converter ? 'turns' : links[way].format === '48 kHz' ? '' : 'other'}" r="4" style="offset-path:path('${d}');animation-delay:-${(dot * 0.4).toFixed(1)}s"/>`,
  ),
);
const bars = [
  ...drawn.matchAll(
    /<rect class="box" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"[^>]*\/>(?:<rect[^>]*>)?<text[^>]*>([^<]+)</g,
  ),
].map(
  ([, x, y, width, id]) =>
    `<rect class="bar" x="${Number(x) + 10}" y="${Number(y) + 30}" width="${Number(width) - 20}" height="4" rx="2" style="animation-name:${meters[id]}"/>`,
);
const style = `<style>.dot{fill:#2f81f7;animation:go 1.6s linear infinite}.other{fill:#bf8700}.turns{animation-name:turn}.bar{fill:#2da44e;transform-box:fill-box;transform-origin:0 50%;animation:voice ${LOOP}s linear infinite}
@keyframes go{from{offset-distance:0%}to{offset-distance:100%}}@keyframes turn{0%{offset-distance:0%;fill:#bf8700}50%{fill:#bf8700}51%{fill:#2f81f7}100%{offset-distance:100%}}
${keyframes('voice', voice)}${keyframes('both', both)}@keyframes steady{from,to{transform:scaleX(.75)}50%{transform:scaleX(.7)}}
@media(prefers-reduced-motion:reduce){.dot,.bar{animation:none}.dot{display:none}}</style>`;
const picture = drawn.replace('</svg>', `${style}\n${dots.join('\n')}\n${bars.join('\n')}\n</svg>`);

if (existsSync(file) && readFileSync(file, 'utf8') === picture) process.exitCode = 0;
else if (process.argv.includes('--check')) {
  console.error('docs/moving-graph.svg is not what scripts/site/draw-moving-graph.mjs draws');
  process.exitCode = 1;
} else writeFileSync(file, picture);
