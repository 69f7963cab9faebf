import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from '../measuring/report.ts';

const execute = promisify(execFile);
const binary = join(import.meta.dirname, '../../../packages/cli/bin/sluice.js');

/** From the command to its end: all that `sluice doctor` looks at, and the tone that it hears in a call to itself. */
export const doctor: Bench = {
  name: 'doctor',
  async run(report, { quick }) {
    for (const [title, args] of [
      ['sluice doctor', []],
      ['sluice doctor --no-call', ['--no-call']],
    ] as const) {
      const seconds: number[] = [];
      for (let round = 0; round < (quick ? 3 : 9); round++) seconds.push(await timed(args));
      seconds.sort((a, b) => a - b);
      report(`${title}, median`, seconds[seconds.length >> 1]!, 's', undefined, 'lower');
      report(`${title}, slowest`, seconds.at(-1)!, 's', undefined, 'lower');
    }
  },
};

/** What it finds wrong with this machine is in its findings; a call that it does not hear is no time. */
async function timed(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const { stdout } = await execute(process.execPath, [binary, 'doctor', '--json', ...args]).catch((error) => error);
  const seconds = (performance.now() - start) / 1_000;
  const { findings } = JSON.parse(stdout).result as {
    findings: readonly { name: string; ok: boolean; told: string }[];
  };
  const call = findings.find(({ name }) => name === 'call');
  if (args.length === 0 && call?.ok !== true) throw new Error(`the doctor heard nothing: ${call?.told}`);
  return seconds;
}
