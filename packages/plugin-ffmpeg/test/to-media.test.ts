import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { AudioFrame, graph, type Micros } from '@sluice/core';
import { type EncodingProgress, fromMedia, probeMedia, toMedia } from '@sluice/plugin-ffmpeg';
import { from } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'sluice-ffmpeg-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Frames of 20 ms of a ramp, of which each sample is another. */
function* ramp(frames: number): Generator<AudioFrame> {
  for (let at = 0; at < frames; at++) {
    const samples = Int16Array.from({ length: 960 }, (_, i) => at * 960 + i - 30_000);
    const gap = at === 2 ? ({ duration: 10_000 as Micros, reason: 'source' } as const) : undefined;
    yield new AudioFrame({ samples, sampleRate: 48_000, channels: 1, timestamp: (at * 20_000) as Micros, gap });
  }
}

describe('toMedia', () => {
  it('writes what fromMedia reads, to the sample, with silence for what is missing', async () => {
    const path = join(folder, 'a.flac');
    const file = toMedia(path, { channels: 1 });
    from(ramp(40)).subscribe(file);
    expect(await file.finished).toEqual({ path, samples: 38_880, duration: 810_000, silence: 10_000 });
    const heard: number[] = [];
    const hearing = graph('hearing');
    hearing.from(fromMedia(path, { channels: 1 }).audio).to({
      next: (frame: AudioFrame) => {
        heard.push(...frame.samples);
        frame.close();
      },
    });
    await hearing.run();
    const spoken = [...ramp(40)].map(({ samples }) => [...samples]);
    expect(heard).toEqual([...spoken.slice(0, 2), Array(480).fill(0), ...spoken.slice(2)].flat());
  });

  it('tells how far it is, and reports what the listener throws', async () => {
    const told: EncodingProgress[] = [];
    const onProgress = (progress: EncodingProgress) => {
      told.push(progress);
      throw new Error('a broken listener');
    };
    const writing = graph('writing');
    const path = join(folder, 'told.flac');
    writing.from(from(ramp(60))).to(toMedia(path, { onProgress }));
    await writing.run();
    const last = told.at(-1)!;
    expect(last).toMatchObject({ bytes: statSync(path).size, done: true });
    expect(last.encodedMs).toBeCloseTo(1_210, 0);
    expect(told.filter(({ done }) => done)).toHaveLength(1);
    const times = told.map(({ encodedMs }) => encodedMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(JSON.stringify(writing.inspect())).toContain('a broken listener');
    expect(() => toMedia(path, { onProgress: 7 as never })).toThrow(TypeError);
  });

  it('writes with another codec and container', async () => {
    const path = join(folder, 'sound');
    const file = toMedia(path, { channels: 1, codec: 'libopus', container: 'matroska', bitrateKbps: 32 });
    from(ramp(40)).subscribe(file);
    await file.finished;
    expect(await probeMedia(path)).toMatchObject({
      container: 'matroska,webm',
      audio: [{ codec: 'opus', channels: 1 }],
    });
  });

  it('writes into a stream what it writes into a file, and ends it', async () => {
    const file = toMedia(join(folder, 'whole.opus'), { channels: 1 });
    from(ramp(40)).subscribe(file);
    await file.finished;
    const bytes: Buffer[] = [];
    const slow = new Writable({
      highWaterMark: 16,
      write: (part: Buffer, _, done) => {
        bytes.push(part);
        setTimeout(done, 5);
      },
    });
    const sent = toMedia(slow, { channels: 1, container: 'opus' });
    from(ramp(40)).subscribe(sent);
    expect(await sent.finished).toMatchObject({ path: undefined, samples: 38_880 });
    expect(slow.writableFinished).toBe(true);
    const path = join(folder, 'sent.opus');
    writeFileSync(path, Buffer.concat(bytes));
    expect(lengthOf(path)).toBe(38_880);
    expect(lengthOf(join(folder, 'whole.opus'))).toBe(38_880);
    expect(() => toMedia(new PassThrough())).toThrow(/container/);
  });

  it('tells of a stream that breaks off, and destroys one of which ffmpeg wrote half', async () => {
    const closed = new PassThrough();
    closed.once('data', () => closed.destroy(new Error('hung up')));
    const sent = toMedia(closed, { channels: 1, container: 'wav' });
    from(ramp(400)).subscribe(sent);
    await expect(sent.finished).rejects.toMatchObject({
      code: 'SLUICE_FFMPEG_WRITE',
      message: expect.stringMatching(/broke off/),
      cause: { message: 'hung up' },
    });
    // It wants to go back, which a stream cannot.
    const forward = new PassThrough().resume();
    const refused = toMedia(forward, { channels: 1, container: 'mp4' });
    from(ramp(40)).subscribe(refused);
    const outcome = once(forward, 'end').catch((error: Error) => error);
    await expect(refused.finished).rejects.toMatchObject({ code: 'SLUICE_FFMPEG_WRITE' });
    expect(await outcome).toMatchObject({ code: 'SLUICE_FFMPEG_WRITE' });
  });

  it('finishes the file with what has come when it is aborted', async () => {
    const path = join(folder, 'aborted.wav');
    const file = toMedia(path, { channels: 1 });
    for (const frame of ramp(2)) file.next(frame);
    file.error(new Error('no more'));
    await expect(file.finished).rejects.toThrow('no more');
    await expect.poll(() => existsSync(path) && lengthOf(path), { timeout: 5_000 }).toBe(2 * 960);
  });

  it('fails for a full disk, a codec that there is not, and an ffmpeg that there is not', async () => {
    const outcomes = [
      toMedia('/dev/full', { channels: 1, container: 'wav' }),
      toMedia(join(folder, 'b.wav'), { channels: 1, codec: 'no-such-codec' }),
      toMedia(join(folder, 'c.wav'), { channels: 1, program: 'no-such-ffmpeg', onProgress: () => {} }),
    ].map((file) => {
      from(ramp(200)).subscribe(file);
      return file.finished.catch(({ code }: { code: string }) => code);
    });
    expect(await Promise.all(outcomes)).toEqual([
      'SLUICE_FFMPEG_WRITE',
      'SLUICE_FFMPEG_WRITE',
      'SLUICE_FFMPEG_MISSING',
    ]);
  });

  it.each(['-a.wav', 'tcp:host', ''])('refuses %j', (output) => expect(() => toMedia(output)).toThrow(TypeError));
});

function lengthOf(path: string): number {
  return execFileSync('ffmpeg', ['-nostdin', '-v', 'quiet', '-i', path, '-f', 's16le', 'pipe:1']).length / 2;
}
