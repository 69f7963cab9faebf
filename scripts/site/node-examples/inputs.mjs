// What examples of nodes are given, the same for all: three seconds of sound, one picture. Names are those of the parameters
// of an example's function.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graph } from '@sluice/core';
import * as nodes from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';

const { fromDtmf, fromFrames, fromImage, fromTestPattern, fromTone, fromWavFile, gain, mix, remix, resample } = nodes;
const { sayFrame, speak, toFrames } = nodes;

const asset = (name) => join(import.meta.dirname, '../../../examples/assets', name);

export async function spoken(text) {
  const bot = graph('speaker');
  const mouth = bot.add(speak({ synthesizer: flite() }));
  const sink = toFrames();
  bot.from(fromFrames([sayFrame('answer', text)])).to(mouth.in.in);
  mouth.out.audio.to(sink);
  await bot.run();
  return sink.finished;
}

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
  hello: () => fromWavFile(asset('greeting.wav'), { end: 0.75 }),
  tune: () => fromWavFile(asset('music.wav'), { end: 1 }),
  quiet: () => fromWavFile(asset('greeting.wav')).pipe(gain({ db: -20 })),
  answer: async () => fromFrames(await spoken('What time is it?')),
};

export const pictures = {
  pattern: () => fromTestPattern({ width: 320, height: 180, frameRate: 10, duration: 0.1 }),
  hills: () => fromImage(asset('hills.svg'), { width: 320, height: 180, frameRate: 10, duration: 0.1 }),
};

const folder = mkdtempSync(join(tmpdir(), 'sluice-examples-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Those that are read, and those that are written. */
export const files = {
  hillsFile: () => asset('hills.svg'),
  nightFile: () => asset('night.svg'),
  voiceFile: () => asset('greeting.wav'),
  musicFile: () => asset('music.wav'),
  wavFile: () => join(folder, 'voice.wav'),
  y4mFile: () => join(folder, 'pattern.y4m'),
  rawFile: () => join(folder, 'raw'),
  pictureFile: () => join(folder, 'picture.webp'),
  opusFile: () => join(folder, 'voice.opus'),
  movFile: () => join(folder, 'voice.mov'),
  movieFile: () => join(folder, 'pattern.mp4'),
};
