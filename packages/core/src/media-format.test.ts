import { describe, expect, it } from 'vitest';
import {
  describeConstraint,
  describeFormat,
  isAudioFormat,
  type MediaConstraint,
  type MediaFormat,
  prefer,
  satisfies,
} from './media-format.ts';

const stereo: MediaFormat = { kind: 'audio', sampleRate: 48_000, channels: 2 };
const text: MediaFormat = { kind: 'text' };

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
  });
  it('tell audio from the rest', () => {
    expect(isAudioFormat(stereo)).toBe(true);
    expect(isAudioFormat(text)).toBe(false);
    expect(isAudioFormat(undefined)).toBe(false);
  });
});
