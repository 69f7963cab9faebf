// Random conversations in virtual time, or over real calls with --real:
// node scripts/run-liveness.mjs [--runs 10000] [--seed n] [--real] [--parallel n] [--report file.json].
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    real: { type: 'boolean', default: false },
    /** Calls side by side; processes in virtual time. */
    parallel: { type: 'string' },
    /** Where the report goes as JSON; it is printed as well. */
    report: { type: 'string' },
  },
});
const { real } = values;
const runs = Number(values.runs ?? (real ? 200 : 10_000));
const seed = values.seed === undefined ? Math.floor(Math.random() * 0x3fff_ffff) : Number(values.seed);
const parallel = Number(values.parallel ?? (real ? 4 : Math.max(1, Math.min(4, availableParallelism()))));
if (![runs, parallel].every((many) => Number.isInteger(many) && many > 0) || !Number.isInteger(seed))
  throw new RangeError('--runs and --parallel take a number above 0, --seed an integer');
console.log(`${runs} sequences ${real ? 'over real calls' : 'in virtual time'} from seed ${seed} on`);

/** Calls run side by side in one process. In virtual time each process has seeds of its own. */
const processes = real ? 1 : Math.min(runs, parallel);
const test = real ? 'test/liveness/real/real-calls.test.ts' : 'test/liveness/liveness.test.ts';
const share = (index) => Math.floor((runs * (index + 1)) / processes) - Math.floor((runs * index) / processes);
const folder = mkdtempSync(join(tmpdir(), 'sluice-liveness-'));
const begun = performance.now();
const results = await Promise.all(
  Array.from({ length: processes }, async (_, index) => {
    const SLUICE_REPORT = join(folder, `${index}.json`);
    const env = {
      ...process.env,
      SLUICE_RUNS: `${share(index)}`,
      SLUICE_SEED: `${seed + index * 1_000_000}`,
      SLUICE_PARALLEL: `${parallel}`,
      SLUICE_REPORT,
    };
    const args = ['vitest', 'run', test, '--retry', '0', '--disable-console-intercept'];
    const child = spawn('npx', args, { stdio: 'inherit', env });
    const code = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
    try {
      return { code, ...JSON.parse(readFileSync(SLUICE_REPORT, 'utf8')) };
    } catch {
      return { code, runs: 0, failures: [], leaks: [`process ${index} ended with ${code} and told nothing`] };
    }
  }),
);
rmSync(folder, { recursive: true });
const report = {
  mode: real ? 'real' : 'virtual',
  seed,
  runs: results.reduce((sum, { runs }) => sum + runs, 0),
  seconds: Math.round((performance.now() - begun) / 1_000),
  failures: results.flatMap(({ failures }) => failures),
  // Over calls: failed while the machine had no time, passed alone.
  strained: results.flatMap(({ strained = [] }) => strained.map(({ seed }) => seed)),
  leaks: results.flatMap(({ leaks }) => leaks),
};
console.log(JSON.stringify(report, null, 2));
if (values.report !== undefined) writeFileSync(values.report, `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = Math.max(...results.map(({ code }) => code));
