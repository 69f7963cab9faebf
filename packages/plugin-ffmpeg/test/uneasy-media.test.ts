import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graph, type VideoFrame } from '@sluice/core';
import { fromMedia, probeMedia } from '@sluice/plugin-ffmpeg';
import { afterAll, expect, it } from 'vitest';
import { matroskaFrame, matroskaHead } from '../src/writing/matroska.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-uneasy-'));
afterAll(() => rmSync(folder, { recursive: true }));

function made(name: string, ...args: readonly string[]): string {
  const path = join(folder, name);
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', ...args, path]);
  return path;
}

/** How many samples come, and what the graph tells of it. */
async function heardOf(...input: Parameters<typeof fromMedia>) {
  let samples = 0;
  const hearing = graph('hearing');
  const next = (frame: { readonly length: number; close(): void }) => {
    samples += frame.length;
    frame.close();
  };
  hearing.from(fromMedia(...input).audio).to({ next });
  await hearing.run();
  return { samples, told: JSON.stringify(hearing.inspect()) };
}

/** Size, first byte and time of each picture. */
async function seenOf(input: Parameters<typeof fromMedia>[0]) {
  const seen: (readonly number[])[] = [];
  const seeing = graph('seeing');
  const next = (frame: VideoFrame) => {
    seen.push([frame.width, frame.height, frame.data[0]!, frame.timestamp]);
    frame.close();
  };
  seeing.from(fromMedia(input).video).to({ next });
  await seeing.run();
  return seen;
}

it('gives a server up that sends nothing, at the beginning and in the middle', async () => {
  const bytes = readFileSync(made('a.wav', 'sine=r=48000:d=1.2'));
  const server = createServer(({ url }, response) => {
    if (url === '/half.wav')
      response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 48_000));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const at = (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
  const impatient = { channels: 1, timeoutMs: 200 };
  const failed = { code: 'SLUICE_FFMPEG_FAILED' };
  try {
    expect(await heardOf(at('never.wav'), impatient).catch((reason: unknown) => reason)).toMatchObject(failed);
    const probed = probeMedia(at('never.wav'), { timeoutMs: 200 });
    expect(await probed.catch((reason: unknown) => reason)).toMatchObject(failed);
    const { samples, told } = await heardOf(at('half.wav'), impatient);
    expect(samples).toBeGreaterThan(20_000);
    expect(samples).toBeLessThan(24_000);
    expect(told).toContain('SLUICE_FFMPEG_DAMAGED');
  } finally {
    server.closeAllConnections();
    server.close();
  }
  expect(() => fromMedia('a.wav', { timeoutMs: 0 })).toThrow(RangeError);
});

it('shows pictures whose pixels are not square as wide as they are', async () => {
  const film = made('wide.mkv', 'color=red:s=64x48:r=10:d=0.1,setsar=64/45', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p');
  expect((await probeMedia(film)).video).toMatchObject([{ width: 91, height: 48 }]);
  for (const input of [film, createReadStream(film)]) expect(await seenOf(input)).toEqual([[91, 48, 81, 0]]);
});

it('takes the clock of pictures that begin with a burst for no rate', async () => {
  const picture = Buffer.alloc(64 * 48 * 1.5, 90);
  const film = join(folder, 'burst.mkv');
  // Thirty within as many milliseconds, then one each 40.
  const times = Array.from({ length: 60 }, (_, at) => (at < 30 ? at : 30 + (at - 30) * 40) * 1_000);
  const frames = times.flatMap((time) => [matroskaFrame(1, time, 0, picture.length), picture]);
  writeFileSync(
    film,
    Buffer.concat([matroskaHead([{ kind: 'video', width: 64, height: 48, colorSpace: 'bt601' }]), ...frames]),
  );
  expect((await probeMedia(film)).video[0]!.frameRate).toBeUndefined();
  for (const input of [film, createReadStream(film)]) {
    const seen = await seenOf(input);
    // 1.19 s, at 30 a second.
    expect(seen.length).toBeGreaterThanOrEqual(35);
    expect(seen.length).toBeLessThanOrEqual(38);
    expect(seen[30]![3]).toBe(1_000_000);
  }
});

it('shows all pictures of a film that changes its size, once, and says where sound changes its rate', async () => {
  const oneBehindTheOther = (name: string, ...parts: readonly string[]) => {
    const path = join(folder, name);
    writeFileSync(path, Buffer.concat(parts.map((part) => readFileSync(part))));
    return path;
  };
  const part = (name: string, size: string) => made(name, `color=red:s=${size}:r=25:d=1`, '-c:v', 'mpeg2video');
  const film = oneBehindTheOther('resized.ts', part('small.ts', '64x48'), part('large.ts', '128x96'));
  for (const input of [film, createReadStream(film)]) {
    const seen = await seenOf(input);
    expect(seen).toHaveLength(50);
    expect(seen.every(([width, height]) => width === 64 && height === 48)).toBe(true);
  }
  const sine = (name: string, rate: number) => made(name, `sine=r=${rate}:d=1`);
  const sound = oneBehindTheOther('changed.aac', sine('low.aac', 44_100), sine('high.aac', 48_000));
  await expect(heardOf(sound)).rejects.toMatchObject({
    code: 'SLUICE_FFMPEG_FAILED',
    message: expect.stringMatching(/convert it first: ffmpeg -i in -ar 48000/),
  });
});
