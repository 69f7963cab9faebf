// Graphs through faults in virtual time: node scripts/run-soak.mjs --virtual [--hours 25] [--seed n] [--report file.json].
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    virtual: { type: 'boolean', default: false },
    hours: { type: 'string', default: '25' },
    seed: { type: 'string' },
    /** Where the report goes as JSON; it is printed as well. */
    report: { type: 'string', default: 'out/soak/virtual.json' },
  },
});
const minutes = Math.round(Number(values.hours) * 60);
const seed = values.seed === undefined ? Math.floor(Math.random() * 0x3fff_ffff) : Number(values.seed);
if (!values.virtual) throw new TypeError('say --virtual');
if (!(minutes > 0) || !Number.isInteger(seed))
  throw new RangeError('--hours takes a number above 0, --seed an integer');
const report = resolve(values.report);
console.log(`${minutes} minutes in virtual time, seed ${seed}`);

mkdirSync(dirname(report), { recursive: true });
rmSync(report, { force: true });
const env = { ...process.env, SLUICE_MINUTES: `${minutes}`, SLUICE_SEED: `${seed}`, SLUICE_REPORT: report };
const test = 'test/soak/virtual-soak.test.ts';
const args = ['vitest', 'run', '--project', 'integration', test, '--retry', '0', '--disable-console-intercept'];
const child = spawn('npx', args, { stdio: 'inherit', env });
process.exitCode = await new Promise((done) => child.on('exit', (code) => done(code ?? 1)));
console.log(readFileSync(report, 'utf8'));
