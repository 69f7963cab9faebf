import { describe, expect, expectTypeOf, test } from 'vitest';
import { micros } from '../time/units.ts';
import { packFrame, unpackFrame } from '../worker/messages.ts';
import { type AudioFormat, describeAudioFormat, sameAudioFormat, sameAudioStream } from './audio-format.ts';
import { AudioFrame, audioFrame } from './audio-frame.ts';
import {
  channelMaskOf,
  channelSpeakers,
  checkChannelMask,
  defaultChannelMask,
  type Speaker,
  sameChannelLayout,
} from './channel-layout.ts';

const format = (channels: number, channelMask?: number): AudioFormat => ({ sampleRate: 48_000, channels, channelMask });

describe('channel masks', () => {
  test('are those of WAVE files', () => {
    expect(channelMaskOf(['FL', 'FR', 'LFE'])).toBe(0xb);
    expect(channelMaskOf(['FL', 'FR', 'FC', 'LFE', 'SL', 'SR'])).toBe(0x60f);
    expect(channelMaskOf([])).toBe(0);
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(defaultChannelMask)).toEqual([
      0x4,
      0x3,
      0x7,
      0x33,
      0x37,
      0x3f,
      0x70f,
      0x63f,
      undefined,
    ]);
  });

  test('name the speaker of each channel, in the order of the bits', () => {
    expect(channelSpeakers(format(3, 0xb))).toEqual(['FL', 'FR', 'LFE']);
    expect(channelSpeakers(format(4))).toEqual(['FL', 'FR', 'BL', 'BR']);
    expect(channelSpeakers(format(7))).toEqual(['FL', 'FR', 'FC', 'LFE', 'BC', 'SL', 'SR']);
    expect(channelSpeakers(format(12, 0x2d63f))?.slice(8)).toEqual(['TFL', 'TFR', 'TBL', 'TBR']);
    expect(channelSpeakers(format(9))).toBeUndefined();
    // One channel is mono, and what names too many or too few speakers names none.
    expect(channelSpeakers(format(1, 0x1))).toEqual(['FC']);
    expect(channelSpeakers(format(3, 0x3f))).toEqual(['FL', 'FR', 'FC']);
  });

  test('tell whether two formats are for the same speakers', () => {
    expect(sameChannelLayout(format(3), format(3, 0x7))).toBe(true);
    expect(sameChannelLayout(format(3), format(3, 0xb))).toBe(false);
    expect(sameChannelLayout(format(3), format(4))).toBe(false);
    expect(sameAudioFormat(format(3), format(3, 0xb))).toBe(true);
    expect(sameAudioStream(format(3), format(3, 0xb))).toBe(false);
    expect(sameAudioStream(format(3, 0xb), { ...format(3, 0xb), sampleRate: 8_000 })).toBe(false);
  });

  test('are shown where they are not the usual ones', () => {
    expect(describeAudioFormat(format(4, 0x107))).toBe('s16 48000 Hz 4 channels (FL FR FC BC)');
    expect(describeAudioFormat(format(4, 0x33))).toBe('s16 48000 Hz 4 channels');
    expect(describeAudioFormat(format(2))).toBe('s16 48000 Hz stereo');
    expect(describeAudioFormat(format(9))).toBe('s16 48000 Hz 9 channels');
  });

  test('are refused where they do not fit', () => {
    expect(() => channelMaskOf(['FL', 'FL'])).toThrow(TypeError);
    expect(() => channelMaskOf(['Left' as Speaker])).toThrow(/FL, FR, FC, LFE/);
    for (const mask of [0, 0x3, 0.5, -1, 0x80000000, Number.NaN, '7' as never])
      expect(() => checkChannelMask(mask, 3)).toThrow(TypeError);
    checkChannelMask(0xb, 3);
    expectTypeOf(channelMaskOf).parameter(0).toEqualTypeOf<readonly Speaker[]>();
  });
});

describe('frames with a mask', () => {
  const frame = () =>
    audioFrame({ samples: new Int16Array(6), timestamp: micros(0), sampleRate: 8_000, channels: 3, channelMask: 0xb });

  test('are checked, and keep it while the count of channels stays', () => {
    expect(frame().channelMask).toBe(0xb);
    expect(frame().derive({ sampleRate: 16_000 }).channelMask).toBe(0xb);
    expect(frame().clone().channelMask).toBe(0xb);
    expect(frame().move({ timestamp: micros(5) }).channelMask).toBe(0xb);
    expect(frame().derive({ channels: 2 }).channelMask).toBeUndefined();
    expect(frame().derive({ channelMask: undefined }).channelMask).toBeUndefined();
    expect(frame().derive({ channelMask: 0x7 }).channelMask).toBe(0x7);
    const bad = { samples: new Int16Array(6), timestamp: micros(0), sampleRate: 8_000, channels: 3, channelMask: 1 };
    expect(() => audioFrame(bad)).toThrow(/channelMask/);
  });

  test('take it to a worker and back', () => {
    const { packed } = packFrame(frame());
    expect(unpackFrame(structuredClone(packed))).toMatchObject({ channels: 3, channelMask: 0xb });
    expect(unpackFrame(structuredClone(packed))).toBeInstanceOf(AudioFrame);
  });
});
