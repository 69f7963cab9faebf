import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { type AudioFrame, graph, SluiceError, type VideoFrame } from '@sluice/core';
import { fromMedia, probeMedia } from '@sluice/plugin-ffmpeg';
import { count, lastValueFrom, tap } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'sluice-ffmpeg-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** 1.2345 s that rise from 200 Hz: like itself at no other place. */
const SWEEP = 'aevalsrc=0.5*sin(2*PI*(200*t+800*t*t)):s=48000:d=1.2345';
const LENGTH = 59_256;
const names = {
  wav: 'a.wav',
  flac: 'a.flac',
  opus: 'a.opus',
  mp3: 'a.mp3',
  webm: 'a.webm',
  m4a: 'a.m4a',
  parts: 'a.mp4',
};
beforeAll(() => {
  for (const name of [...Object.values(names), 'a.mka']) {
    const parts = name === names.parts ? ['-movflags', 'empty_moov+delay_moov', '-frag_duration', '200000'] : [];
    const making = ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', SWEEP, ...parts, join(folder, name)];
    execFileSync('ffmpeg', making);
  }
});

interface Picture {
  readonly timestamp: number;
  readonly luma: number;
}

function toSamples(samples: number[]) {
  return {
    next(frame: AudioFrame) {
      samples.push(...frame.samples);
      frame.close();
    },
  };
}

function toPictures(pictures: Picture[]) {
  return {
    next(frame: VideoFrame) {
      pictures.push({ timestamp: frame.timestamp, luma: frame.data[80 + 45 * 160]! });
      frame.close();
    },
  };
}

async function soundOf(...[input, options]: Parameters<typeof fromMedia>) {
  const samples: number[] = [];
  const hearing = graph('hearing');
  hearing.from(fromMedia(input, { channels: 1, ...options }).audio).to(toSamples(samples));
  await hearing.run();
  return { samples, problems: hearing.inspect() };
}

async function picturesOf(...[input, options]: Parameters<typeof fromMedia>) {
  const pictures: Picture[] = [];
  const seeing = graph('seeing');
  seeing.from(fromMedia(input, options).video).to(toPictures(pictures));
  await seeing.run();
  return pictures;
}

async function bothOf(...[input, options]: Parameters<typeof fromMedia>) {
  const samples: number[] = [];
  const pictures: Picture[] = [];
  const media = fromMedia(input, { channels: 1, ...options });
  const both = graph('both');
  both.from(media.audio).to(toSamples(samples));
  both.from(media.video).to(toPictures(pictures));
  await both.run();
  return { samples, pictures };
}

/** Root mean square. */
function loudnessOf(samples: readonly number[]): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** By how many samples `heard` is late, at most 60 either way. */
function lateness(heard: readonly number[], original: readonly number[], [from, to] = [5_000, 45_000]): number {
  let best = { lag: 0, likeness: Number.NEGATIVE_INFINITY };
  for (let lag = -60; lag <= 60; lag++) {
    let likeness = 0;
    for (let at = from; at < to; at++) likeness += heard[at + lag]! * original[at]!;
    if (likeness > best.likeness) best = { lag, likeness };
  }
  return best.lag;
}

describe('fromMedia', () => {
  it.each(Object.entries(names))('begins and ends %s to the sample', async (_, name) => {
    const { samples } = await soundOf(join(folder, name));
    const original = (await soundOf(join(folder, names.wav))).samples;
    expect(samples).toHaveLength(LENGTH);
    expect(lateness(samples, original)).toBe(0);
  });

  it('begins Vorbis in Matroska to the sample, and ends it within its last packet', async () => {
    const { samples } = await soundOf(join(folder, 'a.mka'));
    const original = (await soundOf(join(folder, names.wav))).samples;
    expect(lateness(samples, original)).toBe(0);
    expect(samples.length - LENGTH).toBeGreaterThanOrEqual(0);
    expect(samples.length - LENGTH).toBeLessThan(1_024);
  });

  it('ends Vorbis in Ogg to the sample', async () => {
    // ffmpeg by itself leaves 128 samples out of this.
    const [length, name] = [30_907, join(folder, 'short.ogg')];
    const end = ['-af', `aresample=44100,atrim=end_sample=${length}`, '-c:a', 'libvorbis', name];
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', SWEEP, ...end]);
    const { samples } = await soundOf(name, { sampleRate: 48_000 });
    const at44100 = await soundOf(name, { sampleRate: 44_100 });
    expect(at44100.samples).toHaveLength(length);
    expect(Math.abs(samples.length - (length * 48_000) / 44_100)).toBeLessThan(1);
    const original = (await soundOf(join(folder, names.wav))).samples;
    expect(lateness(samples, original, [5_000, 30_000])).toBe(0);
    // What was cut off is sound, and no silence.
    expect(loudnessOf(at44100.samples.slice(-128))).toBeGreaterThan(1_000);
    const part = await soundOf(name, { sampleRate: 44_100, startMs: 600 });
    expect(part.samples).toEqual(at44100.samples.slice(26_460));
  });

  it('plays a part, to the sample', async () => {
    const whole = (await soundOf(join(folder, names.flac))).samples;
    const part = await soundOf(join(folder, names.flac), { startMs: 501, durationMs: 250 });
    expect(part.samples).toEqual(whole.slice(24_048, 36_048));
  });

  it('plays a part several times without a break, and for ever until it is left', async () => {
    const part = { startMs: 501, durationMs: 250 };
    const once = (await soundOf(join(folder, names.flac), part)).samples;
    const thrice = await soundOf(join(folder, names.flac), { ...part, times: 3 });
    expect(thrice.samples).toEqual([...once, ...once, ...once]);
    let heard = 0;
    const endless = fromMedia(join(folder, names.flac), { ...part, channels: 1, times: Number.POSITIVE_INFINITY });
    await new Promise<void>((resolve) => {
      const subscription = endless.audio.subscribe((frame) => {
        heard += frame.samples.length;
        frame.close();
        if (heard > 4 * once.length) {
          subscription.unsubscribe();
          resolve();
        }
      });
    });
    for (const times of [0, 1.5, Number.NaN]) expect(() => fromMedia('a.wav', { times })).toThrow(RangeError);
  });

  it.each([
    'afftdn',
    'alimiter=attack=20',
    'superequalizer',
    'anlmdn',
    'afftdn,alimiter',
    "firequalizer=gain='-3'",
    'volume=0.5',
  ])('filters by %s and stays in its place, whole and in parts', async (filter) => {
    const plain = await soundOf(join(folder, names.flac));
    const whole = await soundOf(join(folder, names.flac), { filter });
    expect(whole.samples).toHaveLength(LENGTH);
    expect(lateness(whole.samples, plain.samples)).toBe(0);
    expect(loudnessOf(whole.samples.slice(-2_400))).toBeGreaterThan(0.2 * loudnessOf(plain.samples.slice(-2_400)));
    const part = { startMs: 501, durationMs: 250, times: 2, channels: 6, sampleRate: 16_000, filter };
    const twice = (await soundOf(join(folder, names.flac), part)).samples;
    expect(twice).toHaveLength(2 * 6 * 4_000);
    expect(twice.slice(24_000)).toEqual(twice.slice(0, 24_000));
    // One voice is in the middle of six.
    const middle = (samples: readonly number[]) => samples.filter((_, at) => at % 6 === 2);
    const { filter: _, ...unfiltered } = part;
    const [heard, original] = [middle(twice), middle((await soundOf(join(folder, names.flac), unfiltered)).samples)];
    expect(lateness(heard, original, [500, 3_500])).toBe(0);
    expect(loudnessOf(heard.slice(3_800, 4_000))).toBeGreaterThan(0.2 * loudnessOf(original.slice(3_800, 4_000)));
  });

  it('leaves alone what a filter is to do with time, and says what ffmpeg does not take', async () => {
    const lasting = async (filter: string) => (await soundOf(join(folder, names.flac), { filter })).samples.length;
    expect(await lasting('adelay=500')).toBe(LENGTH + 24_000);
    expect(await lasting('aecho=0.8:0.5:60:0.4')).toBe(LENGTH + 2_880);
    expect(await lasting('atempo=2')).toBeLessThan(0.6 * LENGTH);
    await expect(lasting('no-such-filter')).rejects.toMatchObject({
      code: 'SLUICE_FFMPEG_FAILED',
      message: expect.stringMatching(/does not take the filter: .*no-such-filter/),
    });
    for (const filter of ['', ' ', 7 as never]) expect(() => fromMedia('a.wav', { filter })).toThrow(TypeError);
    expect(() => fromMedia('a.wav', { filter: 'afftdn', channels: 9 })).toThrow(RangeError);
  });

  it('reads a stream to its end, once, and tells of one that breaks off', async () => {
    const file = join(folder, names.opus);
    const { samples } = await soundOf(createReadStream(file));
    expect(samples).toEqual((await soundOf(file)).samples);
    const part = createReadStream(file, { highWaterMark: 64 });
    const { audio } = fromMedia(part, { channels: 1, durationMs: 20 });
    await expect(
      lastValueFrom(
        audio.pipe(
          tap((frame) => frame.close()),
          count(),
        ),
      ),
    ).resolves.toBe(1);
    await expect(lastValueFrom(audio)).rejects.toMatchObject({
      code: 'SLUICE_FFMPEG_FAILED',
      message: expect.stringMatching(/read once/),
    });
    await expect(picturesOf(part)).rejects.toMatchObject({ message: expect.stringMatching(/read once/) });
    await expect(picturesOf(createReadStream(file))).rejects.toMatchObject({ code: 'SLUICE_FFMPEG_FAILED' });
    expect(() => fromMedia(part, { times: 2 })).toThrow(RangeError);
    const bytes = readFileSync(join(folder, names.wav));
    for (const end of ['error', 'close']) {
      const broken = new PassThrough();
      broken.write(bytes.subarray(0, 40_000));
      setTimeout(() => broken.destroy(end === 'error' ? new Error('cable') : undefined), 200);
      const cut = await soundOf(broken).catch((error: unknown) => error);
      expect(cut).toMatchObject({
        message: expect.stringMatching(/broke off/),
        cause: { message: expect.stringMatching(end === 'error' ? /cable/ : /before its end/) },
      });
    }
  });

  it('tells of an ffmpeg that is killed, and neither waits for it nor leaves one', async () => {
    const program = join(folder, 'marked-ffmpeg');
    writeFileSync(program, '#!/bin/sh\necho $$ > "$0.pid"\nexec ffmpeg "$@"\n', { mode: 0o755 });
    const pid = () => Number(readFileSync(`${program}.pid`, 'utf8'));
    // More than pipes hold, so that the one that is killed still runs.
    const endless = { program, channels: 8, times: Number.POSITIVE_INFINITY };
    let frames = 0;
    const killed = lastValueFrom(
      fromMedia(join(folder, names.flac), endless).audio.pipe(
        tap((frame) => {
          frame.close();
          if (++frames === 2) process.kill(pid(), 'SIGKILL');
        }),
      ),
    );
    await expect(killed).rejects.toMatchObject({
      code: 'SLUICE_FFMPEG_FAILED',
      message: expect.stringMatching(/SIGKILL/),
    });
    expect(() => process.kill(pid(), 0)).toThrow(/ESRCH/);
  });

  it('has pictures and sound with one zero, and counts pictures', async () => {
    // White from 0.4 s to 0.6 s in pictures that begin at once, and a sound that begins 0.2 s later, in its third tenth loud.
    const film = join(folder, 'film.mkv');
    const pictures = "color=black:s=160x90:r=25:d=2,drawbox=c=white:t=fill:enable='between(t,0.39,0.59)'";
    const sound = "aevalsrc='if(between(t,0.2,0.4),0.5,0)':s=48000:d=1";
    const inputs = ['-f', 'lavfi', '-i', pictures, '-itsoffset', '0.2', '-f', 'lavfi', '-i', sound];
    const codecs = ['-c:v', 'ffv1', '-c:a', 'pcm_s16le', film];
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...inputs, ...codecs]);
    const { samples } = await soundOf(film);
    expect(Math.abs(samples.findIndex((sample) => sample > 8_000) - 19_200)).toBeLessThanOrEqual(48);
    const whole = await picturesOf(film);
    expect(whole.map(({ timestamp }) => timestamp)).toEqual(Array.from({ length: 50 }, (_, at) => at * 40_000));
    expect(whole.flatMap(({ luma }, at) => (luma > 200 ? [at] : []))).toEqual([10, 11, 12, 13, 14]);
    const part = { startMs: 400, durationMs: 400 };
    const ofPart = await picturesOf(film, part);
    expect(ofPart.map(({ luma }) => luma > 200)).toEqual([...Array(5).fill(true), ...Array(5).fill(false)]);
    // Before the zero of fragments is what AAC's encoder puts there.
    const parts = join(folder, 'film.mp4');
    const coded = ['-c:v', 'mpeg4', '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov+delay_moov', parts];
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', film, ...coded]);
    const inParts = await bothOf(parts);
    expect(inParts.pictures.flatMap(({ luma }, at) => (luma > 200 ? [at] : []))).toEqual([10, 11, 12, 13, 14]);
    expect(inParts.pictures).toHaveLength(50);
    const begins = inParts.samples.findIndex((sample) => sample > 8_000);
    expect(Math.abs(begins - 19_200)).toBeLessThanOrEqual(48);
    const stream = () => createReadStream(film, { highWaterMark: 1_000 });
    expect(await picturesOf(stream())).toEqual(whole);
    expect(await picturesOf(stream(), part)).toEqual(ofPart);
    expect(await bothOf(stream())).toEqual({ samples, pictures: whole });
    expect(await bothOf(stream(), part)).toEqual({ samples: (await soundOf(film, part)).samples, pictures: ofPart });
  });

  it('tells what is in a file, and how loud it is', async () => {
    const info = await probeMedia(join(folder, names.flac), { loudness: true });
    expect(info).toMatchObject({
      container: 'flac',
      audio: [{ codec: 'flac', sampleRate: 48_000, channels: 1 }],
      video: [],
    });
    expect(info.durationMs).toBeCloseTo(1_234.5, 1);
    expect(info.loudness!.truePeak).toBeCloseTo(-6, 0);
    expect(info.loudness!.integrated).toBeGreaterThan(-15);
    await expect(probeMedia(join(folder, 'none.flac'))).rejects.toMatchObject({ code: 'SLUICE_FFMPEG_FAILED' });
    await expect(probeMedia('a.wav', { prober: 'no-such-ffprobe' })).rejects.toMatchObject({
      code: 'SLUICE_FFMPEG_MISSING',
    });
    await expect(picturesOf(join(folder, names.flac))).rejects.toMatchObject({ code: 'SLUICE_FFMPEG_FAILED' });
  });

  it.each(['-version', 'concat:a.wav|b.wav', 'lavfi:sine', ''])('refuses %j', (input) => {
    expect(() => fromMedia(input)).toThrow(TypeError);
  });

  it('says what to install, and what ffmpeg says', async () => {
    await expect(soundOf(join(folder, names.wav), { program: 'no-such-ffmpeg' })).rejects.toMatchObject({
      code: 'SLUICE_FFMPEG_MISSING',
    });
    await expect(soundOf(join(folder, 'none.mp3'))).rejects.toMatchObject({
      code: 'SLUICE_FFMPEG_FAILED',
      message: expect.stringMatching(/none\.mp3.*No such file/s),
    });
  });

  it.each([{}, { program: 'no-such-ffmpeg', prober: 'no-such-ffprobe' }])(
    'tells nobody the password and the query of a URL, with %o',
    async (programs) => {
      // Nothing listens there.
      const url = 'http://somebody:hush-1@127.0.0.1:1/a.mp3?key=hush-2';
      const asked = [() => soundOf(url, programs), () => picturesOf(url, programs), () => probeMedia(url, programs)];
      for (const ask of asked) {
        const error: unknown = await ask().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(SluiceError);
        expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hush');
      }
    },
  );

  it('tells no address that ffmpeg repeats, nor the end of a long one', async () => {
    const program = join(folder, 'talking-ffmpeg');
    const words = [
      "Error when loading first segment 'http://user:key@127.0.0.1/seg0.ts?token=key'",
      `Redirected to https://media.example/${'key/'.repeat(2_000)}`,
    ];
    writeFileSync(program, `#!/bin/sh\n${words.map((word) => `echo "${word}" >&2\n`).join('')}exit 1\n`, {
      mode: 0o755,
    });
    const error: unknown = await soundOf(join(folder, names.wav), { program }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: expect.stringMatching(/segment 'http:\/\/127.0.0.1'; Redirected to https:\/\/media.example;/),
    });
    expect(inspect(error)).not.toMatch(/key/);
  });

  it('fails as any other where no file descriptor is left for a program', () => {
    const starved = `import { openSync } from 'node:fs';
      import { fromMedia, toMedia } from '@sluice/plugin-ffmpeg';
      import { graph } from '@sluice/core';
      const player = graph('player');
      player.from(fromMedia('${join(folder, names.wav)}').audio).to(toMedia('${join(folder, 'never.mp3')}', { onProgress() {} }));
      try { for (;;) openSync('/dev/null'); } catch {}
      process.on('unhandledRejection', () => process.exit(7));
      const error = await player.run().catch((reason) => reason);
      process.exit(error.code === 'SLUICE_FFMPEG_MISSING' ? 3 : 1);`;
    const limited = ['-c', 'ulimit -n 120 && exec "$0" --input-type=module -e "$1"', process.execPath, starved];
    expect(spawnSync('sh', limited).status).toBe(3);
  });

  it('reads a file that is cut as far as it goes, and reports it', async () => {
    const cut = join(folder, 'cut.flac');
    execFileSync('cp', [join(folder, names.flac), cut]);
    truncateSync(cut, 40_000);
    const { samples, problems } = await soundOf(cut);
    expect(samples.length).toBeGreaterThan(4_000);
    expect(samples.length).toBeLessThan(LENGTH);
    expect(JSON.stringify(problems)).toContain('SLUICE_FFMPEG_DAMAGED');
  });

  it('leaves no ffmpeg behind when it is left in the middle', async () => {
    const before = children();
    await new Promise<void>((resolve) => {
      const subscription = fromMedia(join(folder, names.wav)).audio.subscribe((frame) => {
        frame.close();
        queueMicrotask(() => {
          subscription.unsubscribe();
          resolve();
        });
      });
    });
    await expect.poll(children, { timeout: 5_000 }).toEqual(before);
  });
});

/** Processes that this one has started and that are there, dead ones too. */
function children(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === `${process.pid}`
      );
    } catch {
      return false;
    }
  });
}
