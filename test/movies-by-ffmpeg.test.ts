import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioFrame, type Frame, graph, type Micros, type Sink, type VideoFrame, videoFrame } from '@sluice/core';
import { fromSyncBeeps, fromTestPattern, readTestPattern } from '@sluice/nodes';
import { type EncodingProgress, fromMedia, probeMedia, toMovie } from '@sluice/plugin-ffmpeg';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'sluice-movie-'));
afterAll(() => rmSync(folder, { recursive: true }));

const size = { width: 160, height: 90 };
const picture = (timestamp: number, { width, height } = size, duration = 0) =>
  videoFrame({
    data: new Uint8Array(width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)).fill(128),
    width,
    height,
    format: 'I420',
    timestamp: timestamp as Micros,
    duration: duration as Micros,
  });

function give<F extends Frame>(sink: Sink<F, unknown>, frames: readonly F[]): void {
  for (const frame of frames) sink.next(frame);
  sink.complete();
}

/** Where beeps begin and pictures are lit, in milliseconds. */
async function seenAndHeard(path: string): Promise<{ beeps: number[]; flashes: number[] }> {
  const [beeps, flashes]: [number[], number[]] = [[], []];
  let silent = Number.POSITIVE_INFINITY;
  const player = graph('player');
  const media = fromMedia(path, { channels: 1 });
  player.from(media.audio).to({
    next: (frame: AudioFrame) => {
      for (const [at, sample] of frame.samples.entries()) {
        if (Math.abs(sample) > 3_000 && silent > 20_000) beeps.push(frame.timestamp / 1_000 + at / 48);
        silent = Math.abs(sample) > 3_000 ? 0 : silent + 1;
      }
      frame.close();
    },
  });
  player.from(media.video).to({
    next: (frame: VideoFrame) => {
      if (readTestPattern(frame)?.flash === true) flashes.push(frame.timestamp / 1_000);
      frame.close();
    },
  });
  await player.run();
  return { beeps, flashes };
}

describe('toMovie', () => {
  it('writes sound and pictures so that a flash is seen when its beep is heard', async () => {
    const path = join(folder, 'lips.mp4');
    const told: EncodingProgress[] = [];
    const onProgress = (progress: EncodingProgress) => void told.push(progress);
    const movie = toMovie(path, { audio: { channels: 1 }, onProgress });
    const studio = graph('studio');
    studio.from(fromSyncBeeps({ duration: 3 })).to(movie.audio);
    studio.from(fromTestPattern({ width: 320, height: 180, frameRate: 25, duration: 3 })).to(movie.video);
    await studio.run();
    expect(await movie.audio.finished).toMatchObject({ samples: 144_000, silence: 0 });
    expect(await movie.video.finished).toEqual({ pictures: 75, dropped: 0, width: 320, height: 180 });
    expect(told.at(-1)).toMatchObject({ bytes: statSync(path).size, done: true });
    const { audio, video, durationMs } = await probeMedia(path);
    expect(audio).toMatchObject([{ codec: 'aac', channels: 1 }]);
    expect(video).toMatchObject([{ codec: 'h264', width: 320, frameRate: { numerator: 25, denominator: 1 } }]);
    expect(durationMs).toBeCloseTo(3_000, -2);
    const { beeps, flashes } = await seenAndHeard(path);
    expect(beeps).toHaveLength(3);
    for (const [at, beep] of beeps.entries()) {
      expect(Math.abs(beep - 1_000 * at)).toBeLessThan(2);
      expect(Math.min(...flashes.map((flash) => Math.abs(flash - beep)))).toBeLessThan(2);
    }
  });

  it('begins with the earlier of both, and keeps the place of the other', async () => {
    const path = join(folder, 'later.mkv');
    const movie = toMovie(path, { video: { frameRate: 10, codec: 'ffv1' }, audio: { codec: 'flac' } });
    fromSyncBeeps({ duration: 1, channels: 2 }).subscribe(movie.audio);
    give(
      movie.video,
      [500_000, 600_000, 900_000].map((at) => picture(at)),
    );
    await Promise.all([movie.audio.finished, movie.video.finished]);
    const times: number[] = [];
    const player = graph('player');
    player.from(fromMedia(path).video).to({
      next: (frame: VideoFrame) => {
        times.push(frame.timestamp / 1_000);
        frame.close();
      },
    });
    await player.run();
    const { video } = await probeMedia(path);
    expect(video).toMatchObject([{ codec: 'ffv1', ...size, frameRate: { numerator: 10, denominator: 1 } }]);
    expect(times).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  });

  it('writes pictures alone, and leaves out those that go back', async () => {
    const path = join(folder, 'silent.webm');
    const movie = toMovie(path, { audio: false });
    give(
      movie.video,
      [0, 40_000, 40_000, 20_000, 80_000].map((at) => picture(at)),
    );
    expect(await movie.video.finished).toMatchObject({ pictures: 3, dropped: 2 });
    expect(await probeMedia(path)).toMatchObject({ audio: [], video: [{ ...size }] });
  });

  it('leaves out a sound that ends without a frame', async () => {
    const path = join(folder, 'mute.mp4');
    const movie = toMovie(path);
    give(
      movie.video,
      [0, 40_000].map((at) => picture(at)),
    );
    give(movie.audio, []);
    await Promise.all([movie.audio.finished, movie.video.finished]);
    expect(await probeMedia(path)).toMatchObject({ audio: [], video: [{ codec: 'h264' }] });
  });

  it.each([
    [30, { numerator: 30, denominator: 1 }],
    [30_000 / 1_001, { numerator: 30_000, denominator: 1_001 }],
  ])('has %d pictures a second, as they last', async (perSecond, frameRate) => {
    const path = join(folder, `rate-${Math.floor(perSecond)}.mp4`);
    const movie = toMovie(path, { audio: false });
    const time = (index: number) => Math.round((index * 1e6) / perSecond);
    give(
      movie.video,
      Array.from({ length: 4 }, (_, at) => picture(time(at), size, time(at + 1) - time(at))),
    );
    await movie.video.finished;
    expect(await probeMedia(path)).toMatchObject({ video: [{ frameRate }] });
  });

  it('tells the one end when the other broke off, before the file began and after', async () => {
    const code = (end: Promise<unknown>) => end.catch(({ code }: { code: string }) => code);
    const early = toMovie(join(folder, 'early.mp4'));
    early.video.next(picture(0));
    early.video.error(new Error('no pictures'));
    await expect(early.video.finished).rejects.toThrow('no pictures');
    fromSyncBeeps({ duration: 1, channels: 2 }).subscribe(early.audio);
    expect(await code(early.audio.finished)).toBe('SLUICE_FFMPEG_WRITE');
    const path = join(folder, 'late.mp4');
    const late = toMovie(path, { audio: { channels: 1 } });
    fromSyncBeeps({ duration: 1 }).subscribe(late.audio);
    late.video.next(picture(0));
    await late.audio.finished;
    late.video.error(new Error('no more'));
    await expect(late.video.finished).rejects.toThrow('no more');
    await expect.poll(() => probeMedia(path).catch(() => undefined)).toMatchObject({ audio: [{ codec: 'aac' }] });
  });

  it('refuses sound where it was said that there is none', async () => {
    const movie = toMovie(join(folder, 'none.mp4'), { audio: false });
    fromSyncBeeps({ duration: 1, channels: 2 }).subscribe(movie.audio);
    await expect(movie.audio.finished).rejects.toThrow(/audio: false/);
  });

  it('fails for pictures of another size, a codec that there is not, and an ffmpeg that there is not', async () => {
    const refused = (movie: ReturnType<typeof toMovie>, ...frames: VideoFrame[]) => {
      give(movie.video, frames);
      return movie.video.finished.catch(({ code }: { code: string }) => code);
    };
    const alone = { audio: false } as const;
    expect(
      await Promise.all([
        refused(toMovie(join(folder, 'a.mp4'), alone), picture(0), picture(1_000, { width: 162, height: 90 })),
        refused(toMovie(join(folder, 'b.mp4'), { ...alone, video: { codec: 'no-such-codec' } }), picture(0)),
        refused(toMovie(join(folder, 'c.mp4'), { ...alone, program: 'no-such-ffmpeg' }), picture(0)),
      ]),
    ).toEqual(['SLUICE_LINK_FORMAT', 'SLUICE_FFMPEG_WRITE', 'SLUICE_FFMPEG_MISSING']);
  });

  it('refuses options of the wrong range', () => {
    expect(() => toMovie('a.mp4', { video: { frameRate: 0 } })).toThrow(RangeError);
    expect(() => toMovie('a.mp4', { audio: { codec: '-i' } })).toThrow(TypeError);
    expect(() => toMovie('-a.mp4')).toThrow(TypeError);
    expect(() => toMovie('a.mp4', { onProgress: true as never })).toThrow(TypeError);
  });
});
