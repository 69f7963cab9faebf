import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { apart } from './npm.ts';

/** How a program went that was started and told to end. */
export interface Started {
  readonly told: string;
  readonly code: number | null;
}

/**
 * Gives a line to the shell in a project, as npm gives it what stands in `scripts`. Once the program has told all of these lines, in
 * whatever order, `meanwhile` is done, and the program is told to end as by Ctrl-C.
 */
export async function startProgram(
  line: string,
  project: string,
  expected: readonly RegExp[] = [],
  meanwhile: (env: NodeJS.ProcessEnv) => Promise<void> = async () => {},
): Promise<Started> {
  const path = `${join(project, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  // What shows its graphs says so in the folder for what is temporary: each has its own.
  const env = { ...apart(), PATH: path, SLUICE_INSPECT: '1', TMPDIR: join(project, 'tmp') };
  await mkdir(env.TMPDIR, { recursive: true });
  const child = spawn('sh', ['-c', `exec ${line}`], { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  let told = '';
  const isTold = new Promise<void>((done) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        told += data;
        if (expected.every((one) => one.test(told))) done();
      });
  });
  try {
    await Promise.race([isTold, closed]);
    if (expected.length > 0 && child.exitCode === null) {
      await meanwhile(env);
      child.kill('SIGINT');
    }
    const [code] = await closed;
    return { told, code };
  } finally {
    child.kill('SIGKILL');
  }
}
