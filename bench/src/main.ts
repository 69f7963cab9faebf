import { appendFileSync, mkdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { density } from './density.ts';
import { hop } from './hop.ts';
import { bench as latency } from './latency.ts';
import { memory } from './memory.ts';
import { pace } from './pace.ts';
import { type Bench, type Figure, figure } from './report.ts';
import { bench as resample } from './resample.ts';
import { stall } from './stall.ts';
import { tableHead, tableRow } from './table.ts';

const benches: readonly Bench[] = [hop, resample, pace, latency, stall, density, memory];

const usage = `npm run bench [-- name ...] [--quick] [--json]

  name     ${benches.map((bench) => bench.name).join(', ')}; default: all
  --quick  a fraction of the time, rougher figures
  --json   figures as JSON lines instead of the table; they are in bench/results in any case`;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
});
const { json = false, quick = false } = flags;
const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
const results = new URL('../results/', import.meta.url);

if (flags.help === true || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no bench ${unknown.join(', ')}.\n`);
  console.error(usage);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else await runAll(benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name)));

async function runAll(chosen: readonly Bench[]): Promise<void> {
  mkdirSync(results, { recursive: true });
  const file = new URL(`${new Date().toISOString().slice(0, 10)}.jsonl`, results);
  if (!json) console.log(`${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}\n`);
  if (!json) console.log(tableHead());
  for (const bench of chosen) {
    const record = (found: Figure) => {
      appendFileSync(file, `${JSON.stringify(found)}\n`);
      console.log(json ? JSON.stringify(found) : tableRow(found));
    };
    const note = (text: string) => console.error(`(${bench.name}: ${text})`);
    if (!json) console.log(`\n${bench.name}`);
    try {
      await bench.run((...found) => record(figure(bench.name, ...found)), { quick, note });
    } catch (error) {
      process.exitCode = 1;
      console.error(`${bench.name} failed:`, error);
    }
  }
}
