import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type AudioFrame, isSluiceError } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import { describeContainer, fromContainer } from '@sluice/plugin-mediabunny';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, testFolder } from './media-files.ts';

const { at, remove } = testFolder();
afterAll(remove);

const MUTATIONS = 400;
/** A frame without an end is none: a minute of sound in a file of a few kilobytes. */
const MOST_FRAMES = 3_000;
const forms = { 'a.wav': [], 'a.mov': [], 'fast.mov': ['-movflags', '+faststart'] };
const fragments = ['-movflags', '+frag_keyframe+empty_moov', '-frag_duration', '20000'];
const files = { ...forms, 'pieces.mov': fragments };

beforeAll(() => {
  const outputs = Object.entries(files).flatMap(([name, args]) => ['-c:a', 'pcm_s16le', ...args, at(name)]);
  ffmpeg('-f', 'lavfi', '-i', 'sine=400:r=8000:d=0.05', ...outputs);
});

/** Some bytes changed, most of them in heads; sizes and counts more than others; sometimes cut, or a part of it twice. */
function mutated(bytes: Buffer, random: () => number): Buffer {
  const within = (length: number) => Math.floor(random() * length);
  const copy = Buffer.from(bytes);
  const span = random() < 0.8 ? Math.min(copy.length, 700) : copy.length;
  const from = random() < 0.5 ? 0 : copy.length - span;
  for (let changes = 1 + within(4); changes > 0; changes--) {
    const place = from + within(span);
    const kind = random();
    if (kind < 0.4) copy[place] = within(256);
    else if (kind < 0.6) copy[place] = [0, 0xff, 0x7f, 0x80][within(4)]!;
    else if (kind < 0.8) copy.fill([0, 0xff][within(2)]!, place, Math.min(place + 4, copy.length));
    else copy[place] = copy[place]! ^ (1 << within(8));
  }
  const form = random();
  if (form < 0.1) return copy.subarray(0, within(copy.length));
  if (form < 0.15) return Buffer.concat([copy.subarray(0, within(copy.length)), copy.subarray(within(copy.length))]);
  return copy;
}

/** How it ended: `sound`, or the code of its error. */
function outcome(input: Buffer | Readable): Promise<string> {
  return new Promise((resolve) => {
    let frames = 0;
    const reading = fromContainer(input).subscribe({
      next: (frame: AudioFrame) => {
        frame.close();
        if (++frames > MOST_FRAMES) queueMicrotask(() => reading.unsubscribe());
        if (frames > MOST_FRAMES) resolve('endless');
      },
      error: (error: unknown) => resolve(isSluiceError(error) ? error.code : String(error)),
      complete: () => resolve('sound'),
    });
  });
}

describe('containers of which bytes were changed', () => {
  it.each(Object.keys(files))('end in sound or an error with a code: %s', async (name) => {
    const bytes = readFileSync(at(name));
    const ends = new Map<string, number>();
    for (let n = 0; n < MUTATIONS; n++) {
      const broken = mutated(bytes, seededRandom(n));
      let timer: NodeJS.Timeout | undefined;
      const hung = new Promise<string>((resolve) => {
        timer = setTimeout(resolve, 10_000, `hung at ${n}`);
      });
      const input = n % 3 === 0 ? Readable.from([broken]) : broken;
      const end = await Promise.race([outcome(input), hung]);
      clearTimeout(timer);
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (n % 7 === 0)
        await describeContainer(broken).catch((error: unknown) => expect(isSluiceError(error)).toBe(true));
    }
    const allowed = ['sound', 'SLUICE_CONTAINER_FORMAT', 'SLUICE_CONTAINER_CODEC'];
    expect([...ends.keys()].filter((end) => !allowed.includes(end))).toEqual([]);
    expect(ends.get('sound')).toBeGreaterThan(50);
  });
});
