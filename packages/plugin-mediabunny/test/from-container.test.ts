import { once } from 'node:events';
import { createReadStream, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fromContainer } from '@sluice/plugin-mediabunny';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, furthest, heard, heardByFfmpeg, LENGTH, testFolder, writeSweeps } from './media-files.ts';

const { at, remove } = testFolder();
afterAll(remove);

/** What ffmpeg writes of PCM and G.711 into each container. */
const containers: Readonly<Record<string, readonly string[]>> = {
  wav: 'pcm_u8 pcm_s16le pcm_s24le pcm_s32le pcm_f32le pcm_f64le pcm_mulaw pcm_alaw'.split(' '),
  mov: 'pcm_s8 pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le pcm_f32be pcm_f64le pcm_f64be'
    .concat(' pcm_mulaw pcm_alaw')
    .split(' '),
  mkv: 'pcm_u8 pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le pcm_f64le'.split(' '),
};
const names = Object.entries(containers).flatMap(([ending, codecs]) => codecs.map((codec) => `${codec}.${ending}`));
const fragments = ['-movflags', '+frag_keyframe+empty_moov', '-frag_duration', '200000', '-c:a', 'pcm_s16le'];
const more = {
  'rf64.wav': ['-rf64', 'always'],
  'fragments.mov': fragments,
  'clusters.mkv': ['-c:a', 'pcm_s16le', '-cluster_time_limit', '100'],
  'tagged.mkv': ['-c:a', 'pcm_s16le', '-metadata', 'title=Sweep', '-metadata:s:a:0', 'language=eng'],
};
const own = 'pcm_s16le.wav';
let sweep: Int16Array;

beforeAll(() => {
  const all = Object.fromEntries(names.map((name) => [at(name), ['-c:a', name.split('.')[0]!]]));
  for (const [name, args] of Object.entries(more)) all[at(name)] = args;
  writeSweeps(all);
  sweep = heardByFfmpeg([at(own)])[0]!;
});

describe('fromContainer', () => {
  it('hears PCM and G.711 of every form in WAV, MOV and Matroska as ffmpeg does, to the sample', async () => {
    const all = [...names, ...Object.keys(more)];
    const theirs = heardByFfmpeg(all.map(at));
    const differences: Record<string, number> = {};
    for (const [n, name] of all.entries()) {
      const { samples, sampleRate, channels } = await heard(at(name));
      expect([name, sampleRate, channels, samples.length]).toEqual([name, 48_000, 2, 2 * LENGTH]);
      differences[name] = furthest(samples, theirs[n]!);
    }
    // Of more than 16 bits ffmpeg drops the lower ones, which are rounded here.
    const limit = (name: string) => (/_(s24|s32|f32|f64)/.test(name) ? 1 : 0);
    expect(all.filter((name) => differences[name]! > limit(name))).toEqual([]);
  });

  it.each([own, 'pcm_mulaw.mov', 'pcm_s16le.mkv'])(
    'plays a part of %s, exact at both ends, and again',
    async (name) => {
      const whole = (await heard(at(name))).samples;
      const some = await heard(at(name), { startMs: 300.02, durationMs: 500 });
      // 14,400.96 samples are 14,401.
      expect(furthest(some.samples, whole.slice(2 * 14_401, 2 * 38_401))).toBe(0);
      expect(some.timestamps.slice(0, 3)).toEqual([0, 20_000, 40_000]);
      const twice = await heard(at(name), { startMs: 1_000, times: 2, frameMs: 50 });
      const tail = whole.slice(2 * 48_000);
      expect(furthest(twice.samples, Int16Array.of(...tail, ...tail))).toBe(0);
      expect(twice.lengths.slice(0, -1).every((length) => length === 2_400)).toBe(true);
      await expect(heard(at(name), { startMs: 2_000 })).rejects.toThrow(/startMs.*1235 ms/);
    },
  );

  it('converts to a rate and channels that are asked for, and is as long', async () => {
    const { samples, sampleRate, channels, lengths } = await heard(at(own), { sampleRate: 16_000, channels: 1 });
    expect([sampleRate, channels, samples.length, lengths[0]]).toEqual([16_000, 1, LENGTH / 3, 320]);
  });

  it('chooses a track, and names those there are', async () => {
    const [high, low] = ['sine=1000:d=0.1:r=8000', 'sine=200:d=0.1:r=8000'].map((tone) => ['-f', 'lavfi', '-i', tone]);
    ffmpeg(...high!, ...low!, '-map', '0', '-map', '1', '-c:a', 'pcm_s16le', at('two.mkv'));
    const [first, second] = [await heard(at('two.mkv')), await heard(at('two.mkv'), { track: 1 })];
    const crossings = ({ samples }: { samples: Int16Array }) =>
      samples.filter((s, i) => s < 0 !== samples[i - 1]! < 0).length;
    expect(crossings(first)).toBeGreaterThan(190);
    expect(crossings(second)).toBeLessThan(45);
    await expect(heard(at('two.mkv'), { track: 2 })).rejects.toThrow(/0 to 1/);
  });

  it('tells time that a file leaves out, and begins with the first moment of anything in it', async () => {
    // The sound begins 0.5 s after the pictures, and lacks 0.2 s after 0.4 s.
    const cut = "aselect='lt(t,0.9)+gte(t,1.1)'";
    const args = ['-f', 'lavfi', '-i', 'color=s=16x16:d=2:r=10', '-itsoffset', '0.5', '-i', at(own), '-filter:a', cut];
    ffmpeg(...args, '-map', '0', '-map', '1', '-c:v', 'ffv1', '-c:a', 'pcm_s16le', at('holes.mkv'));
    const { gaps, timestamps, samples, lengths } = await heard(at('holes.mkv'));
    const told = gaps.flatMap((gap, n) => (gap === undefined ? [] : [{ ...gap, at: timestamps[n]! - gap.duration }]));
    expect(told).toHaveLength(2);
    expect(told.every(({ reason }) => reason === 'source')).toBe(true);
    expect(told[0]!.duration).toBeCloseTo(500_000, -4);
    expect(Math.abs(told[1]!.duration - 200_000)).toBeLessThan(45_000);
    // Where the sound is does not move by its holes.
    const end = timestamps.at(-1)! + (lengths.at(-1)! / 48_000) * 1e6;
    expect(Math.abs(end - 500_000 - (LENGTH / 48_000) * 1e6)).toBeLessThan(45_000);
    expect(samples.length / 2).toBe(lengths.reduce((sum, length) => sum + length));
  });
});

describe('what fromContainer reads from', () => {
  it('reads bytes, and streams of Node and of the web in pieces of any size', async () => {
    for (const name of [own, 'pcm_s16le.mkv', 'fragments.mov']) {
      const bytes = readFileSync(at(name));
      const small = Readable.from(
        (function* () {
          for (let i = 0; i < bytes.length; i += 777) yield bytes.subarray(i, i + 777);
        })(),
      );
      const inputs = [bytes, createReadStream(at(name)), small, new Blob([bytes]).stream()];
      for (const input of inputs) expect(furthest((await heard(input as never)).samples, sweep)).toBe(0);
    }
  });

  it.each([0, 0xffff_ffff, 0x7fff_0000])('reads a WAV stream whose head says %i bytes to its end', async (size) => {
    const bytes = Buffer.from(readFileSync(at(own)));
    const data = bytes.indexOf('data') + 4;
    bytes.writeUInt32LE(size, data);
    bytes.writeUInt32LE(size, 4);
    for (const input of [Readable.from([bytes]), bytes]) {
      const { samples, told } = await heard(input);
      expect(furthest(samples, sweep)).toBe(0);
      expect(told.includes('SLUICE_CONTAINER_DAMAGED')).toBe(size === 0x7fff_0000 && input === bytes);
    }
    const part = await heard(bytes.subarray(0, data + 4 + 4 * 3_001));
    expect(furthest(part.samples, sweep.slice(0, 2 * 3_001))).toBe(0);
  });

  it('ends a stream that broke off with an error, and destroys one that it leaves', async () => {
    const bytes = readFileSync(at(own));
    const broken = Readable.from(
      (function* () {
        yield bytes.subarray(0, 100_000);
        throw new Error('a broken pipe');
      })(),
    );
    await expect(heard(broken)).rejects.toMatchObject({
      code: 'SLUICE_CONTAINER_READ',
      message: expect.stringMatching(/broke off/),
    });
    const left = createReadStream(at(own), { highWaterMark: 1_024 });
    await new Promise<void>((resolve) => {
      const reading = fromContainer(left).subscribe(() => {
        queueMicrotask(() => reading.unsubscribe());
        resolve();
      });
    });
    await once(left, 'close');
    expect(left.destroyed).toBe(true);
    const source = fromContainer(Readable.from([bytes]));
    source.subscribe();
    const error = await new Promise((resolve) => source.subscribe({ error: resolve }));
    expect(error).toMatchObject({ code: 'SLUICE_CONTAINER_READ' });
  });

  it('refuses a stream of text, other schemes, and options that are none', () => {
    const text = Readable.from(['a']).setEncoding('utf8');
    expect(() => fromContainer(text)).toThrow(/without encoding/);
    for (const input of ['', 'rtmp://host/a', 7, {}, 'http://'])
      expect(() => fromContainer(input as never)).toThrow(TypeError);
    for (const options of [
      { track: -1 },
      { times: 0 },
      { startMs: -1 },
      { durationMs: 0 },
      { frameMs: 0 },
      { sampleRate: 1 },
    ])
      expect(() => fromContainer('a.wav', options)).toThrow(RangeError);
    expect(() => fromContainer(Readable.from([]), { times: 2 })).toThrow(RangeError);
    // @ts-expect-error misspelt
    expect(() => fromContainer('a.wav', { startMS: 4 })).toThrow(/startMs/);
  });
});

describe('what fromContainer does not read', () => {
  it.each(['pcm_s16le.wav', 'clusters.mkv', 'fragments.mov'])(
    'plays what is left of a %s that was cut, and says so',
    async (name) => {
      const cut = at(`cut.${name}`);
      writeFileSync(cut, readFileSync(at(name)));
      truncateSync(cut, 150_000);
      const { samples, told } = await heard(cut);
      expect(samples.length / 2).toBeGreaterThan(34_000);
      expect(furthest(samples, sweep.slice(0, samples.length))).toBe(0);
      expect(told).toContain('SLUICE_CONTAINER_DAMAGED');
    },
  );

  it('says of a MOV that was cut before its index, of an empty file, of garbage and of text that they are none', async () => {
    const none = expect.objectContaining({ code: 'SLUICE_CONTAINER_FORMAT' });
    const cut = readFileSync(at('pcm_s16le.mov')).subarray(0, 150_000);
    const garbage = Buffer.from(Array.from({ length: 10_000 }, (_, i) => (i * 40_503) >> 3));
    for (const bytes of [cut, new Uint8Array(0), garbage, Buffer.from('hello')]) {
      await expect(heard(bytes)).rejects.toEqual(none);
      await expect(heard(Readable.from([bytes]))).rejects.toEqual(none);
    }
    await expect(heard(at('not-there.wav'))).rejects.toMatchObject({
      code: 'SLUICE_CONTAINER_READ',
      message: expect.stringMatching(/ENOENT/),
    });
    await expect(heard('/dev/null')).rejects.toMatchObject({ code: 'SLUICE_CONTAINER_READ' });
  });

  it('refuses what is compressed, what has no sound, and playlists, by their names', async () => {
    writeSweeps({
      [at('a.m4a')]: [],
      [at('a.mp3')]: [],
      [at('a.flac')]: [],
      [at('a.webm')]: [],
      [at('mu.mkv')]: ['-c:a', 'pcm_mulaw'],
    });
    ffmpeg('-f', 'lavfi', '-i', 'color=s=16x16:d=0.2', '-c:v', 'libvpx', at('silent.webm'));
    for (const [name, codec] of Object.entries({
      'a.m4a': 'aac',
      'a.mp3': 'mp3',
      'a.flac': 'flac',
      'a.webm': 'opus',
      'mu.mkv': 'A_MS/ACM',
    })) {
      const error = {
        code: 'SLUICE_CONTAINER_CODEC',
        message: expect.stringMatching(`${name} is coded in ${codec}.*fromMedia`),
      };
      await expect(heard(at(name))).rejects.toMatchObject(error);
    }
    const silent = { code: 'SLUICE_CONTAINER_CODEC', message: expect.stringMatching(/no sound.*vp8/) };
    await expect(heard(at('silent.webm'))).rejects.toMatchObject(silent);
    writeFileSync(at('list.m3u8'), `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n${at('a.m4a')}\n#EXT-X-ENDLIST\n`);
    await expect(heard(at('list.m3u8'))).rejects.toMatchObject({ code: 'SLUICE_CONTAINER_FORMAT' });
  });
});
