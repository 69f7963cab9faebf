import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SluiceError } from '@sluice/core';
import { measureTone, seededRandom } from '@sluice/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trailingChunks } from './wav-chunks.ts';
import { WavReader } from './wav-reader.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-wav-extent-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../test/fixtures/${name}`, import.meta.url)));

const uint = (bytes: number, value: number) =>
  Buffer.from(Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256));
const chunk = (id: string, body: Uint8Array, size = body.length) =>
  Buffer.concat([Buffer.from(id, 'latin1'), uint(4, size), body, Buffer.alloc(body.length % 2)]);
const list = chunk('LIST', Buffer.from('INFOIART\x04\0\0\0ada\0', 'latin1'));
const fmt = (bits = 16) =>
  chunk(
    'fmt ',
    Buffer.concat([1, 1, 8_000, (8_000 * bits) / 8, bits / 8, bits].map((n, i) => uint(i === 2 || i === 3 ? 4 : 2, n))),
  );
const ramp = (length: number) => Int16Array.from({ length }, (_, i) => ((i * 7) % 20_000) + 300);
const sound = ramp(2_000);
const bytesOf = (samples: Int16Array) => Buffer.from(samples.buffer);

interface Parts {
  magic?: string;
  /** The size behind the magic. Default: the right one. */
  riff?: number;
  data?: number;
  ds64?: [riff: number, data: number];
  audio?: Uint8Array;
  behind?: Uint8Array[];
  tail?: Uint8Array;
  format?: Buffer;
}

/** A file whose sizes are what a test wants them to be. */
function wav({ magic = 'RIFF', riff, data, ds64, audio = bytesOf(sound), behind = [], tail, format = fmt() }: Parts) {
  const sizes = ds64 && chunk('ds64', Buffer.concat([uint(8, ds64[0]), uint(8, ds64[1]), uint(8, 0), uint(4, 0)]));
  const body = [...(sizes ? [sizes] : []), format, chunk('data', audio, data ?? audio.length), ...behind];
  const length = body.reduce((sum, part) => sum + part.length, 4);
  const head = [Buffer.from(magic, 'latin1'), uint(4, riff ?? length), Buffer.from('WAVE')];
  return Buffer.concat([...head, ...body, ...(tail ? [tail] : [])]);
}

async function read(bytes: Uint8Array) {
  const path = join(folder, 'file.wav');
  await writeFile(path, bytes);
  const reader = await WavReader.open(path);
  reader.select({});
  const samples: number[] = [];
  for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) samples.push(...piece);
  await reader.close();
  expect(reader.length).toBe(samples.length / reader.header.format.channels);
  const reports = (reader.reports as SluiceError[]).map((report) => {
    expect(report.message).toContain('file.wav');
    return report.code;
  });
  return { samples, reports };
}

const whole = { samples: [...sound], reports: [] };
const gib = 2 ** 30;

describe('a size that is not known', () => {
  it.each<[string, Parts]>([
    ['flac into a pipe: both 0', { riff: 0, data: 0 }],
    ['mpg123 and faad into a pipe: a file of nothing', { riff: 36, data: 0 }],
    ['a head that was miscounted', { riff: 44, data: 0 }],
    ['ffmpeg: all ones', { riff: 0xffff_ffff, data: 0xffff_ffff }],
    ['SoX', { riff: 0x7fff_f024, data: 0x7fff_f000 }],
    ['GStreamer', { riff: 0x7fff_0024, data: 0x7fff_0000 }],
    ['oggdec', { riff: 0x7fff_fff7, data: 0x7fff_ffd3 }],
    ['lame', { riff: 0x8000_0023, data: 0x7fff_ffff }],
    ['arecord', { riff: 0x8000_0024, data: 0x8000_0000 }],
    ['RF64 of ffmpeg into a pipe', { magic: 'RF64', riff: 0xffff_ffff, data: 0xffff_ffff, ds64: [0, 0] }],
  ])('reads what is there: %s', async (_, parts) => {
    expect(await read(wav(parts))).toEqual(whole);
    expect(await read(wav({ ...parts, behind: [list] }))).toEqual(whole);
    expect(await read(wav({ ...parts, behind: [list, chunk('id3 ', Buffer.alloc(7))] }))).toEqual(whole);
  });

  it('takes a size of 0 for unknown in a file whose other size is right', async () => {
    expect(await read(wav({ data: 0 }))).toEqual(whole);
    expect(await read(wav({ data: 0, behind: [list] }))).toEqual(whole);
    expect(await read(wav({ data: 0, behind: [list], tail: Buffer.from('TAG'.padEnd(128)) }))).toEqual(whole);
  });

  it('reads on behind an end that is none, and says so', async () => {
    expect(await read(wav({ data: 0, riff: 500 }))).toEqual({ samples: [...sound], reports: ['SLUICE_WAV_SIZE'] });
  });

  it('believes a size that looks like a placeholder where the file has as many bytes', async () => {
    // Chunks behind the audio are no sound also when they are longer than the part of a file that is searched.
    const behind = [chunk('id3 ', Buffer.alloc(200_000))];
    expect(await read(wav({ magic: 'RF64', data: 0xffff_ffff, ds64: [0, 4_000], behind }))).toEqual(whole);
  });

  it('takes no sound for chunks: names, sizes that do not fit, an end inside a chunk', async () => {
    for (const end of ['LIST', 'LIST\x05\0\0\0IN', 'LIST\x02\0\0\0INFO', 'data\0\0\0\0\0\0', '\0IST\x04\0\0\0INFO']) {
      const audio = Buffer.concat([bytesOf(sound), Buffer.from(end, 'latin1')]);
      const even = audio.subarray(0, audio.length & ~1);
      const { samples } = await read(wav({ riff: 0, data: 0, audio: even }));
      expect([end, samples.length]).toEqual([end, even.length / 2]);
    }
  });

  it('takes a whole WAV file for sound, heard as what it says it is', async () => {
    const audio = wav({});
    for (const parts of [{ riff: 0, data: 0 }, { data: 0 }, { riff: 0, data: 0, behind: [list] }])
      expect((await read(wav({ audio, ...parts }))).samples).toHaveLength(audio.length / 2);
  });

  it('takes one byte before a chunk for padding', async () => {
    const audio = Buffer.alloc(3 * 501, 0x40);
    const { samples, reports } = await read(wav({ riff: 0, data: 0, audio, format: fmt(24), behind: [list] }));
    expect([samples.length, reports]).toEqual([501, []]);
  });
});

describe('files of tools', () => {
  it('reads an ADPCM file whose writer was killed: fact is 0', async () => {
    const { samples, reports } = await read(fixture('killed-ima-adpcm.wav'));
    expect([samples.length, reports]).toEqual([4 * 505, []]);
    expect(measureTone(Int16Array.from(samples), 8_000, 440).snr).toBeGreaterThan(20);
  });

  it('reads no sample more than GStreamer wrote into a pipe', async () => {
    const { samples, reports } = await read(fixture('wavenc-pipe.wav'));
    expect([samples.length, reports]).toEqual([1_024, []]);
    expect(measureTone(Int16Array.from(samples), 8_000, 440).snr).toBeGreaterThan(60);
  });
});

describe('RF64 and BW64', () => {
  const behind = [list];
  it.each([
    ['0', 0],
    ['the sentinel', 0xffff_ffff],
    ['the lower half', 4_000],
  ])('has its size in 64 bits, beside %s', async (_, data) => {
    for (const magic of ['RF64', 'BW64'])
      expect(await read(wav({ magic, riff: 0xffff_ffff, data, ds64: [4_092, 4_000], behind }))).toEqual(whole);
  });

  it('has the one of two sizes that fits, and says so', async () => {
    const reports = ['SLUICE_WAV_SIZE'];
    for (const [data, size64] of [
      [4_444, 4_000],
      [4_000, 6 * gib],
    ] as const) {
      const bytes = wav({ magic: 'RF64', riff: 0xffff_ffff, data, ds64: [4_092, size64], behind });
      expect(await read(bytes)).toEqual({ samples: [...sound], reports });
    }
  });

  it('has its 32-bit size where the other is not set', async () => {
    expect(await read(wav({ magic: 'BW64', data: 4_000, ds64: [0, 0], behind }))).toEqual(whole);
    expect(await read(wav({ magic: 'RF64', data: 4_000, behind }))).toEqual(whole);
  });
});

describe('what is told', () => {
  it('says what the file has and the header does not know, as after 4 GiB in 32 bits', async () => {
    const { samples, reports } = await read(wav({ data: 3_000, riff: 3_036 }));
    expect([samples.length, reports]).toEqual([1_500, ['SLUICE_WAV_SIZE']]);
  });

  it('says nothing of tags, chunks and padding behind the audio', async () => {
    for (const tag of ['TAG', 'APETAGEX', 'ID3'])
      expect(await read(wav({ behind: [list], tail: Buffer.from(tag.padEnd(128)) }))).toEqual(whole);
    const odd = { audio: Buffer.alloc(33, 0x80), format: fmt(8), behind: [list] };
    expect((await read(wav(odd))).reports).toEqual([]);
    // A writer that forgot the padding.
    const bytes = wav(odd);
    const at = bytes.indexOf('LIST') - 1;
    expect((await read(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]))).reports).toEqual([]);
  });

  it('says that a file is empty', async () => {
    const empty = { samples: [], reports: ['SLUICE_WAV_EMPTY'] };
    const audio = Buffer.alloc(0);
    for (const parts of [
      {},
      { behind: [list] },
      { riff: 0, data: 0 },
      { riff: 0, data: 0xffff_ffff },
      { behind: [chunk('note', Buffer.alloc(70_000))] },
    ])
      expect(await read(wav({ audio, ...parts }))).toEqual(empty);
    expect(await read(wav({ audio, data: 40 }))).toEqual({ samples: [], reports: ['SLUICE_WAV_TRUNCATED'] });
  });

  it('plays what a fact chunk does not count, and says so; trims padding', async () => {
    const file = fixture('sweep-ima-adpcm-1ch.wav');
    const at = file.indexOf('fact') + 8;
    const withFact = async (samples: number) => {
      file.writeUInt32LE(samples, at);
      const { samples: read_, reports } = await read(file);
      return [read_.length, reports];
    };
    const all = 4 * 505;
    expect(await withFact(2_000)).toEqual([2_000, []]);
    expect(await withFact(all - 700)).toEqual([all - 700, []]);
    expect(await withFact(40)).toEqual([all, ['SLUICE_WAV_SIZE']]);
    expect(await withFact(0)).toEqual([all, []]);
    expect(await withFact(0xffff_ffff)).toEqual([all, []]);
  });
});

it('gives the beginning of the sound and says so, or a typed error, where a file breaks off at any byte', async () => {
  const names = ['ima-adpcm-2ch', 'ms-adpcm-1ch', 'a-law-1ch'].map((name) => fixture(`sweep-${name}.wav`));
  const files = [
    ...names,
    wav({ behind: [list] }),
    wav({ magic: 'RF64', riff: 0xffff_ffff, data: 0, ds64: [4_092, 4_000] }),
  ];
  for (const bytes of files) {
    const { samples: all } = await read(bytes);
    const audio = bytes.indexOf('data') + 8;
    const behind = audio + (bytes.indexOf('LIST') > 0 ? 4_000 : bytes.length);
    for (let end = 0; end < bytes.length; end += end < 120 ? 1 : 29) {
      const outcome = await read(bytes.subarray(0, end)).catch((error: SluiceError) => error.code);
      if (end < audio) expect([end, outcome]).toEqual([end, 'SLUICE_WAV_TRUNCATED']);
      else {
        const { samples, reports } = outcome as Awaited<ReturnType<typeof read>>;
        expect(samples).toEqual(all.slice(0, samples.length));
        if (end < behind) expect([end, reports]).toEqual([end, ['SLUICE_WAV_TRUNCATED']]);
      }
    }
  }
});

describe('trailingChunks', () => {
  it('finds any run of chunks behind random sound', () => {
    const id = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9 ]{3}$/);
    const body = fc.uint8Array({ maxLength: 300 });
    const run = fc.array(fc.tuple(id, body), { maxLength: 5 });
    // What fast-check makes up is small numbers and text more often than sound is: none of it is a name here.
    const nameless = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => bytes.map((byte) => byte | 0x80));
    fc.assert(
      fc.property(nameless, run, fc.boolean(), (audio, chunks, forgets) => {
        const trailer = Buffer.concat(chunks.map(([name, content]) => chunk(name, content)));
        const cut = forgets && (chunks.at(-1)?.[1].length ?? 0) % 2 === 1 ? 1 : 0;
        const bytes = Buffer.concat([audio, trailer.subarray(0, trailer.length - cut)]);
        expect(trailingChunks(bytes)).toBe(audio.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds none in noise', () => {
    const random = seededRandom(7);
    const noise = Uint8Array.from({ length: 1_000_000 }, () => 256 * random());
    for (let end = 0; end <= noise.length; end += 50_000) expect(trailingChunks(noise.subarray(0, end))).toBe(end);
  });
});
