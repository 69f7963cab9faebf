// Tries the catalogue of faults of docs/faults.md, long rows and the tests elsewhere that prove a row included:
// node scripts/run-faults.mjs [--only N6,P3] [--write].
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    /** Rows, by id. All by default. */
    only: { type: 'string' },
    /** Records what was measured in test/faults/measured.json and docs/faults.md. */
    write: { type: 'boolean', default: false },
  },
});
const only = values.only?.split(',').map((id) => id.trim());
if (only?.some((id) => !/^[NPMS]\d+$/.test(id))) throw new RangeError('--only takes ids of rows, as in N6,P3');

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'sluice-faults-'));
/** Results of one run of vitest, each with the file of its test. */
function run(name, args) {
  const file = join(folder, `${name}.json`);
  const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const env = { ...process.env, SLUICE_FAULTS: 'all' };
  // A row that holds on a second try does not hold.
  spawnSync('npx', ['vitest', 'run', '--retry', '0', ...reports, ...args], { cwd: root, stdio: 'inherit', env });
  return JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap(({ name, message, assertionResults }) => [
    ...assertionResults.map((result) => ({ ...result, file: relative(root, name) })),
    ...(message === '' ? [] : [{ status: 'failed', title: message, fullName: message, file: relative(root, name) }]),
  ]);
}
const anyOf = (names) => names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');

const wanted = only === undefined ? [] : ['-t', `(^| )(${only.join('|')}) `];
const isSettled = ({ status }) => status !== 'skipped' && status !== 'pending';
const rows = run('rows', ['test/faults/', ...wanted]).filter(isSettled);
const places = rows.flatMap(({ meta }) => meta?.heldBy ?? []);
const files = [...new Set(places.map(({ file }) => file))];
// What vitest names by a table (%i) is found by what stands before it.
const plain = (name) => name.split(/%[a-z]|\$\w+/)[0];
const held = files.length === 0 ? [] : run('held', [...files, '-t', anyOf(places.map(({ test }) => plain(test)))]);
rmSync(folder, { recursive: true });

const record = join(root, 'test/faults/measured.json');
const measured = JSON.parse(readFileSync(record, 'utf8'));
const today = new Date().toISOString().slice(0, 10);
// A row may be tried here and be proven elsewhere as well.
const byRow = new Map();
for (const result of rows)
  if (result.meta?.row !== undefined) byRow.set(result.meta.row, [...(byRow.get(result.meta.row) ?? []), result]);
const table = [...byRow].map(([row, tried]) => {
  const places = tried.flatMap(({ meta }) => meta.heldBy ?? []);
  const proofs = places.map(({ file, test }) =>
    held.filter((result) => result.file === file && result.fullName.includes(plain(test)) && isSettled(result)),
  );
  const holds =
    tried.every(({ status }) => status === 'passed') &&
    proofs.every((found) => found.length > 0 && found.every(({ status }) => status === 'passed'));
  const figures = [...tried, ...proofs.flat()].flatMap(({ meta }) => meta?.measured ?? []).join(', ');
  // What a row measured while it held says nothing of one that does not.
  if (holds && figures !== '') measured[row] = { on: today, figures };
  else delete measured[row];
  return { row: tried[0].title, holds, measured: figures };
});
console.table(table);
for (const { file, fullName } of [...rows, ...held].filter(({ status }) => status === 'failed'))
  console.log(`failed: ${fullName} (${file})`);
if (values.write) {
  const order = (id) => 'NPMS'.indexOf(id[0]) * 100 + Number(id.slice(1));
  const sorted = Object.fromEntries(Object.entries(measured).sort(([a], [b]) => order(a) - order(b)));
  writeFileSync(record, `${JSON.stringify(sorted, null, 2)}\n`);
  spawnSync('npx', ['vitest', 'run', '-u', '--project', 'integration', 'test/faults/', '-t', 'the catalogue of docs'], {
    cwd: root,
    stdio: 'inherit',
  });
}
const failed =
  [...rows, ...held].filter(({ status }) => status === 'failed').length + table.filter(({ holds }) => !holds).length;
process.exitCode = failed === 0 && table.length > 0 ? 0 : 1;
