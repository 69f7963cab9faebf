import { describe, expect, it } from 'vitest';
import { checkKeys, nearestName } from './check-keys.ts';

interface ToneOptions {
  readonly frequency?: number;
  readonly sampleRate?: number;
}

const check = (options: unknown) => checkKeys<ToneOptions>('tone', options, { frequency: true, sampleRate: true });

describe('checkKeys', () => {
  it('takes known keys, whatever their values, and none', () => {
    expect(() => check({})).not.toThrow();
    expect(() => check({ frequency: undefined, sampleRate: 8_000 })).not.toThrow();
  });

  it('names the unknown key, the nearest one and all', () => {
    expect(() => check({ sample_rate: 8_000 })).toThrow(
      'tone.sample_rate is not valid; expected one of the options frequency, sampleRate; did you mean sampleRate?; ' +
        'received "sample_rate"',
    );
    expect(() => check({ freq: 440 })).toThrow('did you mean frequency?');
    expect(() => check({ colour: 1 })).toThrow(/frequency, sampleRate; received "colour"$/);
  });

  it('refuses what is no object', () => {
    for (const given of [-6, 'x', null, undefined, [], Promise.resolve({}), () => {}])
      expect(() => check(given)).toThrow(TypeError);
  });

  it('sees keys that are inherited', () => {
    expect(() => check(Object.create({ freq: 1 }))).toThrow('tone.freq');
  });

  it('is an error of the options with a code', () => {
    expect(() => check({ freq: 1 })).toThrow(expect.objectContaining({ code: 'SLUICE_INVALID_ARGUMENT' }));
  });
});

describe('nearestName', () => {
  it.each([
    ['dB', ['db', 'rampMs'], 'db'],
    ['client_settings', ['token', 'clientSettings'], 'clientSettings'],
    ['rate', ['sampleRate', 'channels'], 'sampleRate'],
    ['chanels', ['sampleRate', 'channels'], 'channels'],
    ['zebra', ['sampleRate', 'channels'], undefined],
    ['x', ['y'], undefined],
    ['rnu', ['room', 'run', 'render'], 'run'],
    ['bnech', ['check', 'bench'], 'bench'],
    ['sgv', ['dot', 'svg'], 'svg'],
    ['prot', ['room', 'port'], 'port'],
    ['gian', ['agc', 'gain'], 'gain'],
    // Swapped and far off is far off.
    ['nur', ['run'], undefined],
  ])('%s of %j is %s', (given, known, nearest) => {
    expect(nearestName(given, known)).toBe(nearest);
  });
});
