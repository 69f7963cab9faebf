// What examples of nodes are given, the same for all: three seconds of sound, one picture. Names are those of the parameters
// of an example's function.
import { join } from 'node:path';
import { fromDtmf, fromImage, fromTestPattern, fromTone, fromWavFile, mix, remix, resample } from '@sluice/nodes';

const asset = (name) => join(import.meta.dirname, '../../../examples/assets', name);

export const sounds = {
  voice: () => fromWavFile(asset('greeting.wav'), { end: 3 }),
  music: () =>
    fromWavFile(asset('music.wav'), { end: 3 }).pipe(remix({ channels: 1 }), resample({ sampleRate: 16_000 })),
  noisy: () =>
    mix({
      timing: 'inputs',
      sampleRate: 16_000,
      inputs: {
        voice: sounds.voice(),
        noise: fromTone({ waveform: 'pink', dBFS: -20, sampleRate: 16_000, duration: 3 }),
      },
    }),
  keys: () => fromDtmf('0123#', { sampleRate: 8_000 }),
};

export const pictures = {
  pattern: () => fromTestPattern({ width: 320, height: 180, frameRate: 10, duration: 0.1 }),
  hills: () => fromImage(asset('hills.svg'), { width: 320, height: 180, frameRate: 10, duration: 0.1 }),
};

export const files = { hillsFile: () => asset('hills.svg'), nightFile: () => asset('night.svg') };
