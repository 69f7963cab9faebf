import { describe, expect, it } from 'vitest';
import {
  describeConstraint,
  describeFormat,
  isAudioFormat,
  isVideoConstraint,
  isVideoFormat,
  type MediaConstraint,
  type MediaFormat,
  prefer,
  satisfies,
  sizeSatisfies,
} from './media-format.ts';

const stereo: MediaFormat = { kind: 'audio', sampleRate: 48_000, channels: 2 };
const text: MediaFormat = { kind: 'text' };
const hd: MediaFormat = { kind: 'video', width: 1_280, height: 720, format: 'I420' };

describe('satisfies', () => {
  it.each<[boolean, MediaFormat, MediaConstraint | undefined]>([
    [true, stereo, undefined],
    [true, stereo, { kind: 'any' }],
    [true, { kind: 'any' }, { kind: 'audio', sampleRate: 16_000 }],
    [true, stereo, { kind: 'audio' }],
    [true, stereo, { kind: 'audio', sampleRate: [16_000, 48_000], channels: 2 }],
    [false, stereo, { kind: 'audio', sampleRate: 16_000 }],
    [false, stereo, { kind: 'audio', channels: [1, 6] }],
    [false, stereo, { kind: 'audio', sampleRate: [] }],
    [false, stereo, { kind: 'text' }],
    [false, text, { kind: 'audio' }],
    [true, text, { kind: 'text' }],
    [true, hd, undefined],
    [true, hd, { kind: 'any' }],
    [true, hd, { kind: 'video' }],
    [true, hd, { kind: 'video', width: 1_280, height: [480, 720], format: ['RGBA', 'I420'] }],
    [true, { kind: 'any' }, { kind: 'video', format: 'RGB' }],
    [false, hd, { kind: 'video', width: 640 }],
    [false, hd, { kind: 'video', height: [480, 1_080] }],
    [false, hd, { kind: 'video', format: ['RGBA', 'RGB'] }],
    [false, hd, { kind: 'video', format: [] }],
    [false, hd, { kind: 'audio' }],
    [false, stereo, { kind: 'video' }],
    [false, text, { kind: 'video' }],
  ])('%s for %j into %j', (expected, format, constraint) => {
    expect(satisfies(format, constraint)).toBe(expected);
  });
});

describe('prefer', () => {
  it('keeps what is allowed, else takes the first wish', () => {
    expect(prefer(undefined, 5)).toBe(5);
    expect(prefer([1, 5], 5)).toBe(5);
    expect(prefer([1, 2], 5)).toBe(1);
    expect(prefer(7, 5)).toBe(7);
    expect(prefer([], 5)).toBe(5);
  });

  it('chooses colours alike', () => {
    expect(prefer(['RGBA', 'I420'], 'I420')).toBe('I420');
    expect(prefer(['RGBA', 'I420'], 'RGB')).toBe('RGBA');
  });
});

describe('a size', () => {
  it('is looked at whatever the colours', () => {
    expect(sizeSatisfies(hd, { kind: 'video', format: 'RGB', width: 1_280 })).toBe(true);
    expect(sizeSatisfies(hd, { kind: 'video', height: 1_080 })).toBe(false);
  });
});

describe('descriptions', () => {
  it('read well', () => {
    expect(describeFormat(stereo)).toBe('audio s16 48000 Hz stereo');
    expect(describeFormat({ kind: 'audio', sampleRate: 16_000, channels: 6 })).toBe('audio s16 16000 Hz 6 channels');
    expect(describeFormat(text)).toBe('text');
    expect(describeConstraint(undefined)).toBe('any');
    expect(describeConstraint({ kind: 'audio' })).toBe('audio');
    expect(describeConstraint({ kind: 'audio', sampleRate: [16_000, 48_000], channels: 1 })).toBe(
      'audio 16000|48000 Hz, 1 channel(s)',
    );
    expect(describeConstraint({ kind: 'text' })).toBe('text');
    expect(describeFormat(hd)).toBe('video 1280x720 I420');
    expect(describeConstraint({ kind: 'video' })).toBe('video');
    expect(describeConstraint({ kind: 'video', width: [640, 320], height: 360, format: ['RGBA', 'I420'] })).toBe(
      'video 640|320 wide, 360 high, RGBA|I420',
    );
  });
  it('tell audio and video from the rest', () => {
    expect([hd, stereo, text, undefined].map(isVideoFormat)).toEqual([true, false, false, false]);
    expect(isVideoConstraint({ kind: 'video' })).toBe(true);
    expect(isVideoConstraint({ kind: 'audio' })).toBe(false);
    expect(isVideoConstraint(undefined)).toBe(false);
    expect(isAudioFormat(stereo)).toBe(true);
    expect(isAudioFormat(text)).toBe(false);
    expect(isAudioFormat(undefined)).toBe(false);
  });
});
