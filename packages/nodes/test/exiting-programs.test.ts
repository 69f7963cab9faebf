import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const core = fileURLToPath(new URL('../../core/dist/index.js', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-exits-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a program beside a named pipe of its own, and gives its status; null where it had to be killed. */
async function status(name: string, program: string): Promise<number | null> {
  const pipe = join(folder, name);
  execFileSync('mkfifo', [pipe]);
  const imports = `import { open } from 'node:fs/promises';
    import { constants } from 'node:fs';
    import { createSink } from ${JSON.stringify(core)};
    import { fromTestPattern, fromTone, fromWavFile, toNull, toY4mFile } from ${JSON.stringify(built)};
    const pipe = ${JSON.stringify(pipe)};
    const show = () => fromTestPattern({ duration: 60, width: 640, height: 360 }).subscribe(toY4mFile(pipe));\n`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', imports + program], { stdio: 'ignore' });
  const kill = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = await once(child, 'exit');
  clearTimeout(kill);
  return code;
}

describe('process.exit() ends a program', () => {
  it.each([
    [
      'that was refused a named pipe as its input',
      `const sink = toNull(); fromWavFile(pipe).subscribe(sink); await sink.finished.catch(() => {});`,
    ],
    ['whose output is a named pipe that nobody reads', 'show();'],
    [
      'whose output is a named pipe that is full',
      `const reader = await open(pipe, constants.O_RDWR | constants.O_NONBLOCK); show();`,
    ],
  ])('%s', async (name, program) => {
    const exit = 'setTimeout(() => process.exit(7), 300); setInterval(() => {}, 1000);';
    expect(await status(name.replaceAll(' ', '-'), `${exit}\n${program}`)).toBe(7);
  });
});

describe('a sink whose write never settles, where nothing else keeps the program running', () => {
  const sink = `const sink = createSink({ name: 'stuck', open: () => ({ write: () => new Promise(() => {}), end() {} }) });
    fromTone({ duration: 1 }).subscribe(sink);\n`;

  it('ends it as Node ends one that waits for what cannot come: with 13', async () => {
    expect(await status('awaited', `${sink} await sink.finished;`)).toBe(13);
  });

  it('and with 0, as Node does, where nobody waits for it', async () => {
    expect(await status('forgotten', sink)).toBe(0);
  });
});
