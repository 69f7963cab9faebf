import { fork } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchMessage } from './bench-process.ts';
import { benches } from './benches.ts';
import { tableHead, tableRow } from './table.ts';

const names = benches.map(({ name }) => name);

const usage = `npm run bench [-- name ...] [--quick] [--json]

  name     ${names.join(', ')}; default: all
  --quick  a fraction of the time, rougher figures
  --json   figures as JSON lines instead of the table; they are in bench/results in any case`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
});
const { json = false, quick = false, help = false } = values;
const unknown = positionals.filter((name) => !names.includes(name));

if (help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no bench ${unknown.join(', ')}.\n`);
  console.error(usage);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else await runAll(names.filter((name) => positionals.length === 0 || positionals.includes(name)));

async function runAll(chosen: readonly string[]): Promise<void> {
  const results = new URL('../results/', import.meta.url);
  mkdirSync(results, { recursive: true });
  const file = new URL(`${new Date().toISOString().slice(0, 10)}.jsonl`, results);
  const print = (line: string) => {
    if (!json) console.log(line);
  };
  print(`${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}\n\n${tableHead()}`);
  for (const name of chosen) {
    print(`\n${name}`);
    await run(name, (message) => {
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

function run(name: string, take: (message: BenchMessage) => void): Promise<void> {
  const child = fork(new URL('./bench-process.ts', import.meta.url), [name, quick ? 'quick' : 'full']);
  return new Promise((resolve) => {
    child.on('message', (message) => take(message as BenchMessage));
    child.once('exit', (code, signal) => {
      if (code !== 0) take({ type: 'failed', error: `its process ended with ${signal ?? code}` });
      resolve();
    });
  });
}
