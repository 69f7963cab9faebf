import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typed, typedJson } from './typed.ts';

let folder: string;
let talk: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-probe-media-'));
  talk = join(folder, 'talk.mkv');
  const ends = ['-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=10:duration=1'];
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=1000:sample_rate=44100:duration=1'];
  const make = (...args: string[]) => execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...args]);
  make(...ends, ...tone, '-c:v', 'mjpeg', '-c:a', 'flac', talk);
  make(...ends, '-c:v', 'mjpeg', join(folder, 'silent.mkv'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sluice probe, by ffmpeg', () => {
  it('measures the sound of any file at its own rate, and tells what else is in it', async () => {
    const { code, result } = await typedJson(['probe', talk]);
    expect({ code, result }).toMatchObject({
      code: 0,
      result: {
        sampleRate: 44_100,
        channels: 1,
        media: { codec: 'flac', video: [{ codec: 'mjpeg', width: 160, height: 120 }] },
      },
    });
    expect(result.tone.hz).toBeCloseTo(1_000, 0);
    expect(result.seconds).toBeCloseTo(1, 2);
    const { out } = await typed(['probe', talk]);
    expect(out).toMatch(/format {4}44100 Hz, mono, flac in \S+; mjpeg, 160 x 120$/m);
  });

  it('reads what a server has', async () => {
    const bytes = await readFile(talk);
    const server = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    const { code, result } = await typedJson(['probe', `http://127.0.0.1:${port}/talk`]);
    server.close();
    expect({ code, hz: Math.round(result.tone.hz) }).toEqual({ code: 0, hz: 1_000 });
  });

  it('refuses a file without sound', async () => {
    expect(await typedJson(['probe', join(folder, 'silent.mkv')])).toMatchObject({
      code: 2,
      problems: [{ code: 'SLUICE_CLI_FORMAT', message: expect.stringContaining('has no sound') }],
    });
  });
});
