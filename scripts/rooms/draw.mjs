// Draws the rooms of each house from the imports that are really there, with what its door says of each, into
// docs/architecture.md. With --check it writes nothing and fails where the page says something else.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { houses } from './rooms.mjs';

const PAGE = 'docs/architecture.md';

const page = readFileSync(PAGE, 'utf8');
const edges = importsBetweenFiles();
let drawn = page;
for (const house of houses) drawn = replaceSection(drawn, house.folder, `${drawing(house)}\n\n${paragraphs(house)}`);

if (drawn !== page && process.argv.includes('--check')) {
  console.error(`${PAGE} does not show the rooms as they are: run npm run rooms:draw`);
  process.exitCode = 1;
} else if (drawn !== page) writeFileSync(PAGE, drawn);

/** Pairs of files, tests left out. */
function importsBetweenFiles() {
  const { stdout, stderr } = spawnSync('npx', ['depcruise', 'packages', 'bench/src', '--output-type', 'json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (stdout === '') throw new Error(`dependency-cruiser gave nothing: ${stderr}`);
  const isSource = (file) => /^(?:packages\/[^/]+|bench)\/src\//.test(file) && !file.endsWith('.test.ts');
  return JSON.parse(stdout).modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => [source, resolved]).filter((pair) => pair.every(isSource)),
  );
}

function drawing(house) {
  const rooms = house.levels.flat();
  const uses = new Map(rooms.map((room) => [room.name, usedBy(house, room)]));
  const lines = rooms.map(({ name }) => `  ${name}`);
  // An arrow that follows from two others says nothing new.
  for (const [name, used] of [...uses].reverse())
    for (const other of used)
      if (![...used].some((between) => between !== other && leadsTo(uses, between, other)))
        lines.push(`  ${name} --> ${other}`);
  return ['```mermaid', 'flowchart TB', ...lines, '```'].join('\n');
}

function leadsTo(uses, from, to) {
  return uses.get(from).has(to) || [...uses.get(from)].some((next) => leadsTo(uses, next, to));
}

function usedBy(house, room) {
  const used = edges.filter(([from]) => roomOf(house, from) === room).map(([, to]) => roomOf(house, to));
  return new Set(used.filter((other) => other !== undefined && other !== room).map(({ name }) => name));
}

function roomOf({ folder, levels }, file) {
  if (!file.startsWith(`${folder}/`)) return undefined;
  return levels.flat().find(({ files }) => new RegExp(`^${files}`).test(file.slice(folder.length + 1)));
}

function paragraphs({ folder, levels }) {
  const rooms = levels.flat().filter(({ door }) => door !== undefined);
  return rooms
    .map(({ name, door }) => `- **${name}** ([\`${door}\`](../${folder}/${door})): ${doorSays(`${folder}/${door}`)}`)
    .join('\n');
}

/** The comment with which a door opens. */
function doorSays(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  if (end < 1) throw new Error(`${file} is the door of a room: let it open with a comment that says what lives here`);
  return lines
    .slice(0, end)
    .map((line) => line.slice(2).trim())
    .join(' ');
}

function replaceSection(text, name, content) {
  const [begin, end] = [`<!-- rooms of ${name} -->`, '<!-- end -->'];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${PAGE} has no place for the rooms of ${name}: ${begin} ... ${end}`);
  return `${text.slice(0, from)}${begin}\n\n${content}\n\n${text.slice(to)}`;
}
