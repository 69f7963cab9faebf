// Examples that are heard, seen or told, by the name of the node: what it is given and what is done with it. The page shows
// the very text of `run`. More of them, by what they are about: calls.mjs, ends.mjs, flow.mjs, programs.mjs, turns.mjs, voice.mjs. Those without
// one have a reason in no-examples.mjs.
import { graph } from '@sluice/core';
import * as nodes from '@sluice/nodes';
import { rnnoise } from '@sluice/plugin-rnnoise';
import * as sound from '@sluice/plugin-sound';
import * as calls from './calls.mjs';
import * as ends from './ends.mjs';
import * as flow from './flow.mjs';
import * as programs from './programs.mjs';
import * as turns from './turns.mjs';
import * as voice from './voice.mjs';

const { brightness, crop, delay, detectDtmf, eachPixel, fade, flip, fromDtmf, fromImage, fromImages } = nodes;
const { blank, composite, fromSyncBeeps, fromTestPattern, fromTone, gain, grayscale, level, loop, mapPixels } = nodes;
const { mix, noiseGate, overlay, readTestPattern, remix, resample, rotate, scale, tap, trimSilence } = nodes;
const { compressor, equalizer, loudness, timeStretch, toSpectrogramPicture, toWaveformPicture } = sound;

/** Heard, and drawn as a waveform or as a spectrogram. */
export const heard = {
  gain: { given: ['voice'], run: (voice) => voice.pipe(gain({ db: -12 })) },
  fade: { given: ['music'], run: (music) => music.pipe(fade({ inMs: 1_000, outMs: 1_000 })) },
  delay: { given: ['voice'], run: (voice) => voice.pipe(delay({ ms: 500 })) },
  loop: { given: ['keys'], run: (keys) => keys.pipe(loop({ count: 2 })) },
  remix: { given: ['voice'], run: (voice) => voice.pipe(remix({ channels: 2, matrix: [[0], [1]] })) },
  trimSilence: { given: ['voice'], run: (voice) => voice.pipe(trimSilence({ maxPauseMs: 60 })) },
  noiseGate: {
    given: ['noisy'],
    run: (noisy) => noisy.pipe(noiseGate({ openDb: -26, closeDb: -30, holdMs: 40, releaseMs: 60 })),
  },
  resample: { given: ['voice'], draw: 'spectrum', run: (voice) => voice.pipe(resample({ sampleRate: 8_000 })) },
  mix: {
    given: ['voice', 'music'],
    run: (voice, music) =>
      mix({
        timing: 'inputs',
        sampleRate: 16_000,
        inputs: { voice, music: { source: music, duck: { under: 'voice', db: -14 } } },
      }),
  },
  fromTone: {
    draw: 'spectrum',
    run: () => fromTone({ waveform: 'sweep', endFrequency: 7_000, sampleRate: 16_000, duration: 3 }),
  },
  fromDtmf: { draw: 'spectrum', run: () => fromDtmf('0123#', { sampleRate: 8_000 }) },
  fromSyncBeeps: { run: () => fromSyncBeeps({ sampleRate: 16_000, duration: 3 }) },
  equalizer: {
    given: ['music'],
    draw: 'spectrum',
    run: (music) => music.pipe(equalizer({ bands: [{ type: 'low-pass', frequency: 800 }] })),
  },
  compressor: {
    given: ['voice'],
    run: (voice) => voice.pipe(compressor({ thresholdDb: -30, ratio: 4, makeupDb: 12 })),
  },
  timeStretch: { given: ['voice'], draw: 'spectrum', run: (voice) => voice.pipe(timeStretch({ rate: 0.7 })) },
  rnnoise: {
    given: ['noisy'],
    draw: 'spectrum',
    run: (noisy) => noisy.pipe(resample({ sampleRate: 48_000 }), rnnoise(), resample({ sampleRate: 16_000 })),
  },
};

/** Seen: the pictures that come out. */
export const seen = {
  scale: { given: ['pattern'], run: (pattern) => pattern.pipe(scale({ width: 180, height: 180, fit: 'contain' })) },
  crop: { given: ['pattern'], run: (pattern) => pattern.pipe(crop({ width: 160, height: 90, x: 80, y: 20 })) },
  rotate: { given: ['pattern'], run: (pattern) => pattern.pipe(rotate({ degrees: 90 })) },
  flip: { given: ['pattern'], run: (pattern) => pattern.pipe(flip({ direction: 'horizontal' })) },
  brightness: { given: ['hills'], run: (hills) => hills.pipe(brightness({ factor: 0.6 })) },
  grayscale: { given: ['hills'], run: (hills) => hills.pipe(grayscale()) },
  blank: { given: ['hills'], run: (hills) => hills.pipe(blank({ on: true, color: '#204080' })) },
  mapPixels: {
    given: ['hills'],
    run: (hills) => hills.pipe(mapPixels(eachPixel((red, green, blue) => (blue << 16) | (green << 8) | red))),
  },
  overlay: {
    given: ['hills'],
    run: (hills) => hills.pipe(overlay({ text: 'Ada', background: '#0008' }, { x: 'left', y: 'bottom', margin: 16 })),
  },
  composite: {
    given: ['pattern', 'hills'],
    run: async (pattern, hills, sink) => {
      const editor = graph('editor');
      const grid = editor.add(composite({ width: 480, height: 136, frameRate: 10, timing: 'inputs' }));
      editor.from(pattern).to(grid.input('pattern'));
      editor.from(hills).to(grid.input('hills'));
      grid.out.out.to(sink);
      await editor.run();
    },
  },
  fromTestPattern: { run: () => fromTestPattern({ width: 320, height: 180, frameRate: 5, duration: 0.4 }) },
  fromImage: {
    given: ['hillsFile'],
    run: (hillsFile) => fromImage(hillsFile, { width: 180, height: 180, fit: 'cover', frameRate: 10, duration: 0.1 }),
  },
  fromImages: {
    given: ['hillsFile', 'nightFile'],
    run: (hillsFile, nightFile) =>
      fromImages([hillsFile, nightFile], { width: 200, height: 112, seconds: 1, crossFadeMs: 800, frameRate: 3 }),
  },
};

/** Told: lines about what came. */
export const told = {
  level: {
    given: ['voice'],
    run: (voice, tell) =>
      voice.pipe(
        level({ intervalMs: 500, onLevel: ({ timestamp, rmsDb, peakDb }) => tell({ timestamp, rmsDb, peakDb }) }),
      ),
  },
  loudness: {
    given: ['voice'],
    run: (voice, tell) =>
      voice.pipe(
        loudness({
          intervalMs: 1_000,
          onLoudness: ({ timestamp, integrated, truePeakDb }) => tell({ timestamp, integrated, truePeakDb }),
        }),
      ),
  },
  detectDtmf: {
    given: ['keys'],
    run: (keys, tell) => keys.pipe(detectDtmf({ onDigit: ({ digit, start, end }) => tell({ digit, start, end }) })),
  },
  readTestPattern: {
    given: ['pattern'],
    run: (pattern, tell) => pattern.pipe(tap((frame) => tell(readTestPattern(frame)))),
  },
};

/** Drawn by the node itself. */
export const drawn = {
  toWaveformPicture: {
    given: ['voice'],
    run: (path) => toWaveformPicture(path, { width: 680, height: 180 }),
  },
  toSpectrogramPicture: {
    given: ['music'],
    run: (path) => toSpectrogramPicture(path, { width: 680, height: 260 }),
  },
};

for (const { heard: more = {}, seen: others = {}, told: lines = {} } of [calls, ends, flow, programs, turns, voice]) {
  Object.assign(heard, more);
  Object.assign(seen, others);
  Object.assign(told, lines);
}

seen.eachPixel = seen.mapPixels;
seen.Compositor = seen.composite;
