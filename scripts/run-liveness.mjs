// Random conversations in virtual time until the last or for ever: node scripts/run-liveness.mjs [--runs 10000] [--seed n].
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string' } } });
const runs = Number(values.runs);
const seed = values.seed === undefined ? Math.floor(Math.random() * 0x3fff_ffff) : Number(values.seed);
if (!(runs > 0) || !Number.isInteger(seed))
  throw new RangeError('--runs takes a number of sequences, --seed an integer');

/** Each process has seeds of its own. */
const processes = Math.min(runs, Math.max(1, Math.min(4, availableParallelism())));
const share = (index) => Math.floor((runs * (index + 1)) / processes) - Math.floor((runs * index) / processes);
const codes = Array.from({ length: processes }, (_, index) => {
  const args = [
    'vitest',
    'run',
    '--project',
    'integration',
    'test/liveness/liveness.test.ts',
    '--disable-console-intercept',
  ];
  const env = { ...process.env, SLUICE_RUNS: `${share(index)}`, SLUICE_SEED: `${seed + index * 1_000_000}` };
  const child = spawn('npx', args, { stdio: 'inherit', env });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
});
process.exitCode = Math.max(...(await Promise.all(codes)));
