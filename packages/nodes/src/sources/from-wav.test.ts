import { readFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type AudioFrame, isSluiceError, type SluiceError, withContext } from '@sluice/core';
import { ActorDouble, measureTone, samplesOf, trackFrames } from '@sluice/core/testing';
import fc from 'fast-check';
import { take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { ByteInput } from '../formats/byte-io/byte-input.ts';
import { wavHeader } from '../formats/wav/wav-header-bytes.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { toNull } from '../sinks/to-null.ts';
import { fromWav } from './from-wav.ts';
import { fromWavFile } from './from-wav-file.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const path = (name: string) => fileURLToPath(new URL(`../../test/fixtures/${name}`, import.meta.url));
const fixture = (name: string) => readFileSync(path(name));
const text = (value: string) => Buffer.from(value, 'latin1');

const format = { sampleRate: 8_000, channels: 1 };
const sound = Int16Array.from({ length: 1_000 }, (_, i) => ((i * 7) % 20_000) - 9_000);
const bytesOf = (samples: Int16Array) => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
const unknown = Buffer.from(wavHeader(format, 0));
unknown.writeUInt32LE(0, 4);
const known = Buffer.concat([wavHeader(format, 2_000), bytesOf(sound)]);
const list = text('LIST\x04\0\0\0INFO');
/** A stream whose writer did not know how long it would be. */
const piped = (...behind: Uint8Array[]) => Buffer.concat([unknown, bytesOf(sound), ...behind]);

const cut = (bytes: Uint8Array, sizes: readonly number[]) => {
  const pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
};

async function collect(input: ByteInput, options: Parameters<typeof fromWav>[1] = {}) {
  const context = new ActorDouble();
  const sink = toFrames<AudioFrame>();
  withContext(context, () => fromWav(input, options).subscribe(sink));
  const frames = await sink.finished;
  const reports = context.reports.map((report) => (report as SluiceError).code);
  return { frames, reports, samples: [...(frames.length === 0 ? [] : samplesOf(frames))] };
}

const whole = { samples: [...sound], reports: [] };

describe('fromWav', () => {
  it('gives every sample once, however the bytes are cut', async () => {
    const list2 = text('LIST\x0b\0\0\0INFOIART\0\0\0\0');
    const files = [known, piped(), piped(list), piped(list, text('id3 \x02\0\0\0ab')), piped(list2)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 20 }),
        async (bytes, sizes) => {
          const { frames, samples, reports } = await collect(Readable.from(cut(bytes, sizes)));
          expect({ samples, reports }).toEqual(whole);
          expect(frames.map((frame) => frame.length)).toEqual([...Array(6).fill(160), 40]);
          expect(frames.map((frame) => frame.timestamp)).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => i * 20_000));
          for (const frame of frames) expect(frame).toMatchObject({ ...format, kind: 'audio' });
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(['ima-adpcm-1ch', 'ima-adpcm-2ch', 'ms-adpcm-1ch', 'ms-adpcm-2ch', 'a-law-2ch', 'u-law-1ch'])(
    'decodes %s as fromWavFile does',
    async (codec) => {
      const bytes = fixture(`sweep-${codec}.wav`);
      const sink = toFrames<AudioFrame>();
      fromWavFile(path(`sweep-${codec}.wav`)).subscribe(sink);
      const expected = (await sink.finished).map((frame) => frame.samples);
      for (const sizes of [[bytes.length], [1], [7, 255, 64]]) {
        const { frames, reports } = await collect(Readable.from(cut(bytes, sizes)));
        expect(frames.map((frame) => frame.samples)).toEqual(expected);
        expect(reports).toEqual([]);
      }
    },
  );

  it('reads what tools write into pipes', async () => {
    const wavenc = await collect(Readable.from(cut(fixture('wavenc-pipe.wav'), [500])));
    expect([wavenc.samples.length, wavenc.reports]).toEqual([1_024, []]);
    expect(measureTone(Int16Array.from(wavenc.samples), 8_000, 440).snr).toBeGreaterThan(60);
    const killed = await collect(fixture('killed-ima-adpcm.wav'));
    expect([killed.samples.length, killed.reports]).toEqual([4 * 505, []]);
    for (const size of [0, 0x7fff_0000, 0x7fff_f000, 0x7fff_ffd3, 0x8000_0000, 0xffff_ffff]) {
      const bytes = piped(list);
      bytes.writeUInt32LE(size, 76);
      expect(await collect([bytes])).toMatchObject(whole);
    }
  });

  it('emits a frame as soon as its bytes are there', async () => {
    const stream = new PassThrough();
    const lengths: number[] = [];
    const subscription = fromWav(stream).subscribe((frame) => lengths.push(frame.length));
    stream.write(piped().subarray(0, 80 + 319));
    await turn();
    expect(lengths).toEqual([]);
    stream.write(Buffer.from([1]));
    await turn();
    expect(lengths).toEqual([160]);
    // Sound that looks like the beginning of a name is not held back either.
    stream.write(Buffer.alloc(320, 'L'));
    await turn();
    expect(lengths).toEqual([160, 160]);
    subscription.unsubscribe();
  });

  it('lets sound pass that looks like chunks, to the last byte', async () => {
    const looks = [
      'LIST',
      'LIST\0',
      'LIST\x80\0\0\0INFO',
      'LIST\x02\0\0\0ab\0\0',
      'LIST\0\0\0\0'.repeat(40),
      'id3 \xff\xff\xff\xff',
    ];
    for (const look of looks) {
      const audio = Buffer.concat([text(look), bytesOf(sound), text(look), bytesOf(sound)]);
      const padded = Buffer.concat([audio, Buffer.alloc(audio.length % 2, 1)]);
      for (const sizes of [[10_000], [1], [9, 4]]) {
        const { samples } = await collect(Readable.from(cut(Buffer.concat([unknown, padded]), sizes)));
        expect(bytesOf(Int16Array.from(samples)).equals(padded)).toBe(true);
      }
    }
  });

  it('takes a whole WAV file for sound, heard as what it says it is', async () => {
    for (const sizes of [[10_000], [30, 7]])
      expect((await collect(Readable.from(cut(Buffer.concat([unknown, known]), sizes)))).samples).toHaveLength(1_040);
  });

  it('holds back no more than 64 KiB, and gives it when it is sound after all', async () => {
    const stream = new PassThrough();
    let bytes = 0;
    const subscription = fromWav(stream).subscribe((frame) => {
      bytes += frame.samples.byteLength;
    });
    stream.write(Buffer.concat([unknown, text('LIST\xf0\xff\0\0')]));
    for (let i = 0; i < 204; i++) {
      stream.write(Buffer.alloc(320, 1));
      await turn();
    }
    expect(bytes).toBe(0);
    for (let i = 0; i < 6; i++) {
      stream.write(Buffer.alloc(320, 1));
      await turn();
    }
    expect(bytes).toBe(320 * 210);
    subscription.unsubscribe();
  });

  it('stops at the size that the header announces, and reads the chunks behind it so that their writer can end', async () => {
    const bytes = Buffer.concat([known, list]);
    bytes.writeUInt32LE(bytes.length - 8, 4);
    const stream = new PassThrough();
    const collecting = collect(stream);
    stream.write(bytes.subarray(0, bytes.length - 3));
    await turn();
    let flushed = false;
    stream.end(bytes.subarray(bytes.length - 3), () => {
      flushed = true;
    });
    expect(await collecting).toMatchObject(whole);
    expect(flushed).toBe(true);
    // What looks like a chunk before that is sound.
    const inside = Buffer.concat([wavHeader(format, 2_012), bytesOf(sound), list]);
    expect((await collect([inside])).samples).toHaveLength(1_006);
    // A stream that stays open does not hold up the end.
    const open = new PassThrough();
    const playing = collect(open);
    open.write(known);
    expect(await playing).toMatchObject(whole);
    expect(open.destroyed).toBe(true);
  });

  it('says what is missing, in doubt, or not there at all', async () => {
    const short = await collect(known.subarray(0, 1_081));
    expect([short.samples, short.reports]).toEqual([[...sound.subarray(0, 500)], ['SLUICE_WAV_TRUNCATED']]);
    const half = await collect(piped(Buffer.from([1])));
    expect(half).toMatchObject({ samples: [...sound], reports: ['SLUICE_WAV_TRUNCATED'] });
    for (const bytes of [unknown, Buffer.concat([unknown, list])])
      expect(await collect(bytes)).toMatchObject({ samples: [], reports: ['SLUICE_WAV_EMPTY'] });
    const adpcm = fixture('sweep-ima-adpcm-1ch.wav');
    adpcm.writeUInt32LE(40, adpcm.indexOf('fact') + 8);
    expect(await collect(adpcm)).toMatchObject({ reports: ['SLUICE_WAV_SIZE'] });
    const large = Buffer.from(wavHeader(format, 2_000, 0));
    large.writeUInt32LE(600, 76);
    const both = await collect(Buffer.concat([large, bytesOf(sound)]));
    expect(both).toMatchObject({ samples: [...sound], reports: ['SLUICE_WAV_SIZE'] });
  });

  it('gives the beginning of the sound, or a typed error, where the stream breaks off at any byte', async () => {
    using tracker = trackFrames();
    for (const bytes of [piped(list), Buffer.concat([known, list])])
      for (let end = 0; end <= bytes.length; end += end < 100 || end > bytes.length - 20 ? 1 : 37) {
        try {
          const { frames, samples } = await collect(Readable.from(cut(bytes.subarray(0, end), [61])));
          const heard = bytesOf(Int16Array.from(samples));
          expect(heard.equals(bytes.subarray(80, 80 + heard.length))).toBe(true);
          expect(heard.length).toBeGreaterThanOrEqual(Math.min(2_000, (end - 80) & ~1));
          for (const frame of frames) frame.close();
        } catch (error) {
          expect(error).toMatchObject({ code: 'SLUICE_WAV_TRUNCATED' });
          expect(end).toBeLessThan(80);
        }
      }
    tracker.assertNone();
  });

  it('takes any damage to an end, or to one of our errors', async () => {
    const seeds = ['ima-adpcm-2ch', 'ms-adpcm-1ch', 'a-law-1ch'].map((name) => fixture(`sweep-${name}.wav`));
    const damage = fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 8 });
    const tail = fc.array(fc.oneof(fc.constant(list), fc.constant(text('LIST')), fc.uint8Array({ maxLength: 40 })), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds, piped(), known),
        damage,
        tail,
        fc.integer({ min: 1, max: 3_000 }),
        async (seed, changes, behind, size) => {
          const bytes = Buffer.concat([seed, ...behind]);
          for (const [at, value] of changes) bytes[at] = value;
          try {
            const { samples } = await collect(Readable.from(cut(bytes, [size])));
            expect(samples.length).toBeLessThanOrEqual(4 * bytes.length);
          } catch (error) {
            if (!isSluiceError(error)) throw error;
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('leaves the bytes with the writer while there is no room', async () => {
    const context = new ActorDouble();
    let produced = 0;
    const stream = new Readable({
      highWaterMark: 1_000,
      read() {
        this.push(produced++ === 0 ? unknown : Buffer.alloc(320, 1));
      },
    });
    let frames = 0;
    const subscription = withContext(context, () =>
      fromWav(stream).subscribe(() => {
        if (++frames === 3) context.setRoom(false);
      }),
    );
    for (let i = 0; i < 50; i++) await turn();
    expect(frames).toBe(3);
    expect(produced).toBeLessThan(14);
    context.setRoom(true);
    await turn();
    expect(frames).toBeGreaterThan(3);
    subscription.unsubscribe();
    expect(stream.destroyed).toBe(true);
  });

  it('closes the stream when it is left early, breaks or is no WAV', async () => {
    using tracker = trackFrames();
    const left = Readable.from(cut(piped(), [100]));
    await new Promise<void>((resolve) => {
      fromWav(left)
        .pipe(take(2))
        .subscribe({ next: (frame) => frame.close(), complete: resolve });
    });
    expect(left.destroyed).toBe(true);
    const waits = new PassThrough();
    const context = new ActorDouble();
    withContext(context, () => fromWav(waits).subscribe()).unsubscribe();
    await context.clock.settle();
    expect([waits.destroyed, context.clock.pending]).toEqual([true, 0]);

    const broken = new Error('cable pulled');
    const stream = new PassThrough();
    const collecting = collect(stream);
    stream.write(unknown);
    stream.destroy(broken);
    await expect(collecting).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ', cause: broken });
    const page = Readable.from([text('<!doctype html><title>404</title>')]);
    await expect(collect(page)).rejects.toMatchObject({ code: 'SLUICE_WAV_NOT_WAV' });
    expect(page.destroyed).toBe(true);
    await expect(collect([])).rejects.toMatchObject({ code: 'SLUICE_WAV_TRUNCATED' });
    tracker.assertNone();
  });

  it('reads a Buffer again, and a stream once', async () => {
    const source = fromWav(known);
    for (let time = 0; time < 2; time++) {
      const sink = toFrames<AudioFrame>();
      source.subscribe(sink);
      expect(samplesOf(await sink.finished)).toEqual(sound);
    }
    const stream = fromWav(Readable.from([known]));
    stream.subscribe(toFrames<AudioFrame>());
    const again = toFrames<AudioFrame>();
    stream.subscribe(again);
    await expect(again.finished).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ' });
  });

  it('paces with live', async () => {
    const context = new ActorDouble();
    const arrivals: number[] = [];
    withContext(context, () => fromWav(known, { live: true }).subscribe(() => arrivals.push(context.clock.now())));
    await context.clock.run();
    expect(arrivals).toEqual([0, 20, 40, 60, 80, 100, 120]);
  });

  it.each([
    [
      'readable is not valid; expected a stream or Buffers; of a file, createReadStream.path.; received',
      () => fromWav('a.wav' as never),
    ],
    ['readable', () => fromWav(new URL('file:///a.wav') as never)],
    ['readable', () => fromWav(new PassThrough().setEncoding('utf8'))],
    ['frameMs', () => fromWav(known, { frameMs: 0 })],
    ['fromWav.loop', () => fromWav(known, { loop: true } as never)],
  ])('refuses a bad %s at once', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name} `));
  });
});

it('says how to record what arecord writes as S24_LE', async () => {
  const file = Buffer.alloc(44 + 400);
  file.write('RIFF');
  file.writeUInt32LE(436, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 4],
    [34, 24],
  ] as const)
    file.writeUInt16LE(value, at);
  file.writeUInt32LE(16_000, 24);
  file.writeUInt32LE(64_000, 28);
  file.write('data', 36);
  file.writeUInt32LE(400, 40);
  const sink = toNull();
  fromWav(file).subscribe(sink);
  await expect(sink.finished).rejects.toThrow(/expected 3 bytes.*received 4\. Record .* S24_3LE or S32_LE/);
});
