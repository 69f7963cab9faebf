import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { VideoFrame } from '@sluice/core';
import { fromY4mFile, readTestPattern, toFrames } from '@sluice/nodes';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-y4m-crash-'));
});
afterAll(() => rm(folder, { recursive: true }));

const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const run = (program: string, ...args: string[]) =>
  spawn(process.execPath, ['--input-type=module', '-e', program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });

async function numbersIn(source: string | Readable): Promise<(number | undefined)[]> {
  const sink = toFrames<VideoFrame>();
  fromY4mFile(source).subscribe(sink);
  return (await sink.finished).map((frame) => {
    const reading = readTestPattern(frame);
    frame.close();
    return reading?.frameNumber;
  });
}
const upTo = (length: number) => Array.from({ length }, (_, index) => index);

it('leaves a readable file with every frame but the last when the process is killed', async () => {
  const path = join(folder, 'killed.y4m');
  const child = run(
    `import { fromTestPattern, toY4mFile } from ${JSON.stringify(built)};
     fromTestPattern({ width: 160, height: 90, live: true }).subscribe(toY4mFile(process.argv[1]));`,
    path,
  );
  const frameBytes = 6 + 160 * 90 * 1.5;
  await expect
    .poll(async () => (await stat(path).catch(() => ({ size: 0 }))).size, { timeout: 20_000 })
    .toBeGreaterThan(20 * frameBytes);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const numbers = await numbersIn(path);
  expect(numbers).toEqual(upTo(numbers.length));
  expect(numbers.length).toBe(Math.floor((await stat(path)).size / frameBytes));
});

const writer = (target: string) =>
  `import { fromTestPattern, toY4mFile } from ${JSON.stringify(built)};
   fromTestPattern({ width: 640, height: 360, frames: 60 }).subscribe(toY4mFile(${target}));`;

it.each([
  ['process.stdout', () => run(writer('process.stdout'))],
  [
    '/dev/stdout in a pipe of the shell',
    () =>
      spawn('sh', ['-c', '"$0" --input-type=module -e "$1" | cat', process.execPath, writer("'/dev/stdout'")], {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
  ],
])('goes through %s, every frame', async (_, start) => {
  const child = start();
  expect(await numbersIn(child.stdout!)).toEqual(upTo(60));
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(0);
});

it('reads raw video from standard input', async () => {
  const child = run(
    `import { fromRawVideo, toY4mFile } from ${JSON.stringify(built)};
     fromRawVideo(process.stdin, { width: 4, height: 2, format: 'I420' }).subscribe(toY4mFile(process.stdout));`,
  );
  const frames = toFrames<VideoFrame>();
  fromY4mFile(child.stdout).subscribe(frames);
  for (let at = 0; at < 100; at++) child.stdin.write(Buffer.alloc(12, at));
  child.stdin.end();
  const values = (await frames.finished).map((frame) => {
    frame.close();
    return frame.timestamp;
  });
  expect(values).toEqual(Array.from({ length: 100 }, (_, index) => Math.round((index * 1e6) / 30)));
});
