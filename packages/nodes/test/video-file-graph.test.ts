import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graph, type VideoFrame } from '@sluice/core';
import { trackFrames, VirtualClock } from '@sluice/core/testing';
import { fromTestPattern, fromY4mFile, readTestPattern, toFrames, toY4mFile } from '@sluice/nodes';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-video-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([false, true])('writes and copies a file through graphs, frame for frame (live: %s)', async (live) => {
  using tracker = trackFrames();
  const clock = new VirtualClock();
  const [first, second] = [join(folder, `first-${live}.y4m`), join(folder, `second-${live}.y4m`)];
  const make = graph('make', { clock });
  const made = toY4mFile(first);
  make.from(fromTestPattern({ width: 160, height: 90, format: 'BGRA', frameRate: 29.97, duration: 2, live })).to(made);
  const making = make.run();
  const took = await clock.run({ until: making });
  expect(make.inspect().links[0]?.converter).toMatch(/BGRA -> I420/);
  expect(await made.finished).toMatchObject({ frames: 60, repeated: 0, dropped: 0 });
  if (live) expect(took).toBeCloseTo(2_002, -1);

  const copy = graph('copy', { clock: new VirtualClock() });
  const copied = toY4mFile(second);
  copy.from(fromY4mFile(first, { loop: 2 })).to(copied);
  await copy.run();
  expect(await copied.finished).toMatchObject({ frames: 120, frameRate: { numerator: 30_000, denominator: 1_001 } });

  const back = toFrames<VideoFrame>();
  fromY4mFile(second).subscribe(back);
  const numbers = (await back.finished).map((frame) => {
    const reading = readTestPattern(frame);
    frame.close();
    return reading?.frameNumber;
  });
  expect(numbers).toEqual(Array.from({ length: 120 }, (_, index) => index % 60));
  tracker.assertNone();
});

it('fails before anything flows when a file is not what it should be', async () => {
  const wrong = join(folder, 'wrong.y4m');
  await writeFile(wrong, 'YUV4MPEG2 W0 H0 F30:1\n');
  const failing = graph('failing');
  failing.from(fromY4mFile(wrong)).to(toY4mFile(join(folder, 'out.y4m')));
  await expect(failing.run()).rejects.toThrow(/wrong\.y4m.*header.*W0/);
});
