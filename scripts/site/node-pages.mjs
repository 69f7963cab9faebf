// A page for each node of docs/nodes.md: what it does, a drawing, an example, its options, from what its source says.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toSvg } from '../../packages/cli/dist/drawing/to-svg.js';
import { drawnPorts } from './drawn-ports.mjs';
import { nodeEntries } from './node-entries.mjs';
import { nodeFacts } from './node-facts.mjs';

/** Writes them into a folder, with a drawing beside each that has ports, and what `examples` says of it by its name. */
export async function writeNodePages(root, into, examples = new Map()) {
  mkdirSync(into, { recursive: true });
  const entries = oneForEachPage(nodeEntries(root));
  const names = new Set(entries.map(({ name }) => name));
  for (const entry of entries) {
    const facts = nodeFacts(root, entry);
    const drawing = drawingOf(entry.name, drawnPorts[entry.name] ?? facts);
    if (drawing !== undefined) writeFileSync(join(into, `${entry.name}.svg`), drawing);
    writeFileSync(
      join(into, `${entry.name}.md`),
      pageOf(entry, { ...facts, shown: examples.get(entry.name) ?? '' }, drawing !== undefined, names),
    );
  }
}

/** Names that differ in their capitals alone are one page: that of the node, not of its class. */
function oneForEachPage(entries) {
  const found = new Map();
  for (const entry of entries) {
    const file = entry.name.toLowerCase();
    if (!found.has(file) || /^[a-z]/.test(entry.name)) found.set(file, entry);
  }
  return [...found.values()];
}

/** With what stands before and behind it. */
function drawingOf(name, { inputs, outputs }) {
  if (inputs.length + outputs.length === 0) return undefined;
  const kind = inputs.length === 0 ? 'source' : outputs.length === 0 ? 'sink' : 'operator';
  const before = inputs.map(({ port, media }) => ({ id: port ?? 'source', media }));
  const behind = outputs.map(({ port, media }) => ({ id: port ?? 'sink', media }));
  const unlike = (id) => (before.some((one) => one.id === id) && behind.some((one) => one.id === id) ? `${id} ` : id);
  const link = (from, to, format) => ({ from, to, format, policy: 'block' });
  return toSvg({
    name,
    nodes: [
      ...before.map(({ id }) => ({ id, kind: 'source' })),
      { id: name, kind },
      ...behind.map(({ id }) => ({ id: unlike(id), kind: 'sink' })),
    ],
    links: [
      ...before.map(({ id, media }) => link(id, name, media)),
      ...behind.map(({ id, media }) => link(name, unlike(id), media)),
    ],
  });
}

function pageOf({ name, call, about, latency, folder }, { text, example, options, throws, shown }, isDrawn, names) {
  const plain = (words) => escaped(linked(words, names));
  const parts = [
    `# ${name}`,
    `\`${call}\` of \`@sluice/${folder}\``,
    plain(about.replace(/\]\((?!https:)/g, '](../')),
    ...(isDrawn ? [`![${name} between what stands before and behind it](./${name}.svg)`] : []),
    `**Latency:** ${plain(latency)}`,
    ...(text === '' || text === about ? [] : [plain(text)]),
    ...(example === '' ? [] : ['## Example', example]),
    ...(shown === '' ? [] : [shown]),
    ...(options.length === 0 ? [] : ['## Options', table(options, plain)]),
    ...(throws === '' ? [] : ['## Throws', plain(throws)]),
    `[All nodes](../nodes.md)`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function table(options, plain) {
  const cell = (text) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const rows = options.map(
    ({ name, type, text }) => `| \`${name}\` | <code v-pre>${code(cell(type))}</code> | ${cell(plain(text))} |`,
  );
  return ['| option | type | what it says |', '| --- | --- | --- |', ...rows].join('\n');
}

const code = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** `{@link gain}` as a link where there is such a page. */
function linked(text, names) {
  return text.replace(/\{@link (\S+?)\}/g, (_, name) => (names.has(name) ? `[${name}](./${name}.md)` : `\`${name}\``));
}

/** Outside of code nothing is markup. */
function escaped(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;').replaceAll('{{', '&#123;{') : part))
    .join('');
}
