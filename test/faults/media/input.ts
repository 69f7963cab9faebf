import { Readable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { type AudioFrame, AudioFrame as Frame, graph, isSluiceError, micros } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { fromWav, toFrames } from '@sluice/nodes';
import { toMicrophone } from '@sluice/transport';
import { virtualDevices } from '@sluice/transport/testing';
import { of } from 'rxjs';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';

const wav = 'packages/nodes/src/formats/wav/';
const videoFrames = 'packages/core/src/media/video-frame.test.ts';
const images = 'packages/nodes/src/sources/from-image-refusals.test.ts';
const oddRtp = 'packages/transport/test/odd-rtp.test.ts';

const u16 = (value: number) => [value & 255, (value >> 8) & 255];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
const text = (word: string) => [...Buffer.from(word)];
const chunk = (id: string, body: readonly number[], size = body.length) => [...text(id), ...u32(size), ...body];
const format = (channels = 1, rate = 16_000, bits = 16) =>
  chunk('fmt ', [
    ...u16(1),
    ...u16(channels),
    ...u32(rate),
    ...u32(rate * 2),
    ...u16((channels * bits) >> 3),
    ...u16(bits),
  ]);
const riff = (...chunks: readonly (readonly number[])[]) => {
  const body = [...text('WAVE'), ...chunks.flat()];
  return Uint8Array.from([...text('RIFF'), ...u32(body.length), ...body]);
};
const sound = Array<number>(60_000).fill(7);

/** Inputs of up to 64 KB that lie. */
const wavBombs: Readonly<Record<string, Uint8Array>> = {
  'claims 4 GB': riff(format(), chunk('data', sound, 0xffff_fff0)),
  'claims nothing': riff(format(), chunk('data', sound, 0)),
  'claims no end': riff(format(), chunk('data', sound, 0xffff_ffff)),
  'is cut': riff(format(), chunk('data', sound)).subarray(0, 40_000),
  'has no channels': riff(format(0), chunk('data', sound)),
  'has no rate': riff(format(1, 0), chunk('data', sound)),
  'has one bit': riff(format(1, 16_000, 1), chunk('data', sound)),
  'has an odd chunk': riff(chunk('odd ', [1, 2, 3]), format(), chunk('data', sound)),
  'is all chunks': riff(...Array.from({ length: 7_000 }, () => chunk('junk', []))),
  'has a chunk of 4 GB': riff(chunk('junk', sound, 0xffff_fff0)),
  'is all zeros': new Uint8Array(65_536),
};

/** Frames that are none, or are of odd lengths. */
const oddFrames: Readonly<Record<string, () => AudioFrame>> = {
  'no sample': () => frameOf(new Int16Array(0)),
  'one sample': () => frameOf(new Int16Array(1).fill(99)),
  'half a frame': () => frameOf(new Int16Array(160).fill(99)),
  'ten seconds': () => frameOf(new Int16Array(160_000).fill(99)),
  'another realm': () => frameOf(runInNewContext('new Int16Array(320).fill(99)')),
  'a detached buffer': () => {
    const samples = new Int16Array(320).fill(99);
    structuredClone(samples.buffer, { transfer: [samples.buffer] });
    return frameOf(samples);
  },
};

const frameOf = (samples: Int16Array) => new Frame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(0) });

/** Files, frames and far sides that are not what they say. */
export const inputRows: readonly FaultRow[] = [
  {
    id: 'M2',
    fault: 'A WAV file of 64 KB that is cut or lies: sizes, channels, rates, bits, endless chunks',
    happens:
      'A typed error with the offset and the chunk, or the part that can be read, and a report of what is missing',
    bound: 'no more samples than bytes',
    check: async (measured) => {
      let slowest = 0;
      for (const [what, bytes] of Object.entries(wavBombs)) {
        const begun = performance.now();
        const sink = toFrames<AudioFrame>();
        fromWav(Readable.from([bytes])).subscribe(sink);
        const outcome = await sink.finished.catch((error: unknown) => error);
        slowest = Math.max(slowest, performance.now() - begun);
        if (isSluiceError(outcome)) expect(outcome.code, what).toMatch(/^SLUICE_WAV_/);
        else
          expect(
            (outcome as AudioFrame[]).reduce((sum, frame) => sum + frame.length, 0),
            what,
          ).toBeLessThan(65_536);
      }
      measured('slowest', slowest, 'ms');
    },
  },
  {
    id: 'M3',
    fault: 'Floats that are NaN, infinite or beyond full scale',
    happens:
      'What is NaN or infinite becomes silence, at files, models and `floatToInt16`: counted at its node, `invalidSamples` of `inspect()`, and reported once with `SLUICE_SAMPLES_INVALID`. The rest is clamped and never wraps; a sum beyond full scale is limited',
    bound: '16 bits',
    heldBy: [
      { file: 'packages/core/src/kernels/int16.test.ts', test: 'floats beyond full scale are clamped, NaN is silence' },
      {
        file: 'packages/core/src/graph/invalid-samples.test.ts',
        test: 'samples that are no numbers are counted at the node that made sound of them, and reported once',
      },
      { file: `${wav}wav-decoder.test.ts`, test: 'clamps floats, and makes silence of what is no number' },
      {
        file: 'packages/nodes/src/audio/mix/mixer-core.test.ts',
        test: 'limits a sum beyond full scale instead of wrapping or clipping',
      },
    ],
  },
  {
    id: 'M7',
    fault: 'Frames of no sample, one, half a frame, ten seconds, of another realm, with a detached buffer',
    happens: 'Played to the sample, or an error that names the node',
    bound: '0 samples',
    check: async (measured) => {
      let refused = 0;
      for (const [what, make] of Object.entries(oddFrames)) {
        const clock = new VirtualClock();
        const devices = virtualDevices({ clock });
        const bot = graph('odd', { clock });
        const sink = toMicrophone(devices.createMicrophoneDevice('microphone', { sampleRate: 16_000 }));
        const frame = make();
        const length = frame.samples.length;
        bot.from(of(frame)).to(sink);
        const done = bot.run().catch((error: unknown) => error);
        await clock.run({ until: done, limitMs: 60_000 });
        const error = await done;
        if (error === undefined) expect(await sink.finished, what).toEqual({ playedMs: length / 16, droppedMs: 0 });
        else {
          refused++;
          expect(error, what).toMatchObject({ code: expect.stringMatching(/^SLUICE_/), nodeId: expect.any(String) });
        }
        await devices.close();
      }
      measured('refused', refused, '');
    },
  },
  {
    id: 'M8',
    fault: 'Pictures of 0x0, of odd sizes, of 16k x 16k, with too few bytes',
    happens: 'Refused before memory is taken, with the numbers',
    bound: '16,777,216 pixels',
    heldBy: [
      { file: videoFrames, test: 'throws a %s for %j' },
      { file: videoFrames, test: 'counts the chroma of odd sizes up: I420 of %ix%i is %i bytes' },
      { file: videoFrames, test: 'is bounded by the option' },
    ],
  },
  {
    id: 'M9',
    fault: 'Images that unpack to far more than they are',
    happens: '`SLUICE_IMAGE_TOO_LARGE` before they are unpacked',
    bound: '16,777,216 pixels, files of 256 MiB',
    heldBy: [
      { file: images, test: 'refuses what unpacks to too much before it is unpacked' },
      { file: images, test: 'gives frames or a typed error for any bytes' },
    ],
  },
  {
    id: 'M10',
    fault: 'A far side that sends too much: tracks, pictures, messages, participants',
    happens:
      'The limits of the room server hold, and a client has limits of its own: 16 tracks a participant, pictures of 4096 x 4096, ten messages a second. Of each received track 120 pictures a second pass, 60 at once; the others are dropped before they are turned, copied or converted, and counted (`framesDropped`). The engine has decoded them by then, which only their bits bound. What a receiver has no time for it leaves out (P10)',
    bound: 'the table in signalling.md',
    heldBy: [
      {
        file: 'packages/transport/src/room/embedded/peers.test.ts',
        test: 'a server that announces 50,000 participants has as many met as a room takes, and says so once',
      },
      {
        file: 'packages/transport/src/host/engine/received-video.test.ts',
        test: 'a thousand pictures a second cost what 120 do, and those left out are counted',
      },
      {
        file: 'packages/transport/src/room/server/messages.test.ts',
        test: 'ten messages a second, twice as many at once',
      },
      {
        file: 'packages/transport/src/room/server/room-server.integration.test.ts',
        test: 'a flood is slowed down and ended',
      },
      {
        file: 'packages/transport/src/room/server/attacks.test.ts',
        test: 'the welcome to a full room in which everybody announces all they may can be read',
      },
    ],
  },
  {
    id: 'M16',
    fault:
      'RTP as no engine makes it: times and numbers that jump, stand or rush, packets of 2.5 and 120 ms, of nothing, of another type or source, ten seconds at once, reports with clocks of nowhere',
    happens:
      'The engine plays what it can and nothing else; behind it the track is heard as before, in one format. What was sent at once makes the track late for as long as it takes to be played off, a little faster than it was said. Packets of a source that was not described are not heard',
    bound:
      'heard again behind 2 s of packets; 4 s of sound wait, which are 200 packets; nobody else hears anything of it',
    heldBy: [
      { file: oddRtp, test: 'the tone is heard again behind them' },
      { file: oddRtp, test: 'who is beside it was heard all the time, by the same engine' },
    ],
  },
];
