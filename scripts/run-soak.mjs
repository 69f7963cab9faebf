// Twenty bots in real time: node scripts/run-soak.mjs [--minutes 60] [--seed n] [--neighbours n] [--report file.json], with a
// plot beside the report; or graphs in virtual time: --virtual [--hours 25].
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    virtual: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '60' },
    hours: { type: 'string', default: '25' },
    seed: { type: 'string' },
    /** Processes that take all the time they get, beside the bots. */
    neighbours: { type: 'string', default: '0' },
    /** Where the report goes as JSON; it is printed as well, in virtual time. */
    report: { type: 'string' },
  },
});
const { virtual } = values;
const minutes = virtual ? Math.round(Number(values.hours) * 60) : Number(values.minutes);
const seed = values.seed === undefined ? Math.floor(Math.random() * 0x3fff_ffff) : Number(values.seed);
const many = Number(values.neighbours);
if (!(Number.isInteger(many) && many >= 0) || (virtual && many > 0))
  throw new RangeError('--neighbours takes a number from 0, in real time');
if (!(minutes > 0) || !Number.isInteger(seed))
  throw new RangeError('--hours and --minutes take a number above 0, --seed an integer');
const report = resolve(values.report ?? `out/soak/${virtual ? 'virtual' : 'real'}.json`);
console.log(`${minutes} minutes in ${virtual ? 'virtual' : 'real'} time, seed ${seed}`);

mkdirSync(dirname(report), { recursive: true });
rmSync(report, { force: true });
const env = {
  ...process.env,
  SLUICE_MINUTES: `${minutes}`,
  SLUICE_SEED: `${seed}`,
  SLUICE_REPORT: report,
  SLUICE_NEIGHBOURS: `${many}`,
};
const test = virtual ? 'test/soak/virtual-soak.test.ts' : 'test/soak/real/real-soak.test.ts';
const args = ['vitest', 'run', test, '--retry', '0', '--disable-console-intercept'];
// They end with this process, however it ends.
const busy = `while (process.ppid === ${process.pid});`;
const neighbours = Array.from({ length: many }, () => spawn(process.execPath, ['-e', busy], { stdio: 'ignore' }));
const child = spawn('npx', args, { stdio: 'inherit', env });
process.exitCode = await new Promise((done) => child.on('exit', (code) => done(code ?? 1)));
for (const neighbour of neighbours) neighbour.kill('SIGKILL');
if (virtual) console.log(readFileSync(report, 'utf8'));
else console.log(`see ${report}, and soak.svg beside it`);
