// Chooses benches, runs each in a process of its own, compares builds, prints. Nothing is measured here.

import { appendFileSync, mkdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { compareBuilds, otherBuild } from './against.ts';
import { benches } from './benches.ts';
import { runBench } from './run-bench.ts';
import { comparisonHead, comparisonRow, tableHead, tableRow } from './table.ts';

/** Fewer pairs tell nothing with 95 % certainty that a user would want to hear. */
const FEWEST_PAIRS = 15;

const names = benches.map(({ name }) => name);

const usage = `npm run bench [-- name ...] [--quick] [--json] [--against <folder> [--pairs <n>]]

  name       ${names.join(', ')}; default: all
  --quick    a fraction of the time, rougher figures
  --json     figures as JSON lines instead of the table; they are in bench/results in any case
  --against  compares with another checkout: both builds in turn, the median of their ratios with its 95 % interval;
             the exit status is 1 if a figure has become worse
  --pairs    how often; default and least ${FEWEST_PAIRS}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    help: { type: 'boolean' },
    against: { type: 'string' },
    pairs: { type: 'string' },
  },
});
const { json = false, quick = false, help = false, against } = values;
const pairs = Number(values.pairs ?? FEWEST_PAIRS);
const unknown = positionals.filter((name) => !names.includes(name));
const chosen = names.filter((name) => positionals.length === 0 || positionals.includes(name));
const complaint =
  unknown.length > 0
    ? `There is no bench ${unknown.join(', ')}.`
    : Number.isInteger(pairs) && pairs >= FEWEST_PAIRS
      ? undefined
      : `--pairs has to be ${FEWEST_PAIRS} or more, not ${values.pairs}.`;

if (help || complaint !== undefined) {
  if (complaint !== undefined) console.error(`${complaint}\n`);
  console.error(usage);
  process.exitCode = complaint === undefined ? 0 : 2;
} else if (against !== undefined) await runAgainst(against).catch(refuse);
else await runAll();

async function runAll(): Promise<void> {
  const results = new URL('../../results/', import.meta.url);
  mkdirSync(results, { recursive: true });
  const file = new URL(`${new Date().toISOString().slice(0, 10)}.jsonl`, results);
  print(`${machine()}\n\n${tableHead()}`);
  for (const name of chosen) {
    print(`\n${name}`);
    await runBench(name, quick, (message) => {
      if (message.type === 'note') console.error(`(${name}: ${message.text})`);
      if (message.type === 'failed') {
        process.exitCode = 1;
        console.error(`${name} failed: ${message.error}`);
      }
      if (message.type !== 'figure') return;
      const line = JSON.stringify(message.figure);
      appendFileSync(file, `${line}\n`);
      console.log(json ? line : tableRow(message.figure));
    });
  }
}

async function runAgainst(folder: string): Promise<void> {
  print(`${machine()}\n\n${comparisonHead(otherBuild(folder))}`);
  const note = (text: string) => console.error(`(${text})`);
  for (const name of chosen)
    for (const figure of await compareBuilds({ folder, names: [name], pairs, quick, note })) {
      if (!figure.holds) process.exitCode = 1;
      console.log(json ? JSON.stringify(figure) : comparisonRow(figure));
    }
}

function refuse(error: Error): void {
  console.error(error.message);
  process.exitCode = 2;
}

function machine(): string {
  return `${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}`;
}

function print(line: string): void {
  if (!json) console.log(line);
}
