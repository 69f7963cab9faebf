import { Readable, Writable } from 'node:stream';
import { graph, realClock } from '@sluice/core';
import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import * as nodes from './index.ts';

type Call = (options: never) => unknown;
const picture = { width: 16, height: 16 };
const slides = ['a.png'];
const writable = () => new Writable();
const mixer = (given: object) => new nodes.Mixer(given);
const wall = () => new nodes.Compositor(picture);

/** Each call that takes options, with a key that nobody declared beside valid ones, and what was meant. */
const calls: Record<string, readonly [call: Call, options: object, wrong: string, meant: string]> = {
  fromDtmf: [(o) => nodes.fromDtmf('1', o), {}, 'tone', 'toneMs'],
  fromFrames: [(o) => nodes.fromFrames([], o), {}, 'externl', 'external'],
  fromImage: [(o) => nodes.fromImage('a.png', o), {}, 'frame_rate', 'frameRate'],
  fromImages: [(o) => nodes.fromImages(slides, o), {}, 'crossFade', 'crossFadeMs'],
  fromPcm: [(o) => nodes.fromPcm(Readable.from([]), o), { sampleRate: 8_000 }, 'chanels', 'channels'],
  fromRawVideo: [(o) => nodes.fromRawVideo('a.raw', o), { ...picture, format: 'RGB' }, 'framerat', 'frameRate'],
  fromSilence: [(o) => nodes.fromSilence(o), {}, 'sample_rate', 'sampleRate'],
  fromSyncBeeps: [(o) => nodes.fromSyncBeeps(o), {}, 'freq', 'frequency'],
  fromTestPattern: [(o) => nodes.fromTestPattern(o), {}, 'hight', 'height'],
  fromTone: [(o) => nodes.fromTone(o), {}, 'freq', 'frequency'],
  fromWav: [(o) => nodes.fromWav(Readable.from([]), o), {}, 'frame_ms', 'frameMs'],
  fromWavFile: [(o) => nodes.fromWavFile('a.wav', o), {}, 'frame_ms', 'frameMs'],
  fromY4mFile: [(o) => nodes.fromY4mFile('a.y4m', o), {}, 'loops', 'loop'],
  blank: [(o) => nodes.blank(o), {}, 'colour', 'color'],
  brightness: [(o) => nodes.brightness(o), {}, 'ofset', 'offset'],
  'brightness.setBrightness': [(o) => nodes.brightness().setBrightness(o), {}, 'fctor', 'factor'],
  composite: [(o) => nodes.composite(o), picture, 'layot', 'layout'],
  'composite.input': [(o) => nodes.composite(picture).checkInput('ada', o), {}, 'opacty', 'opacity'],
  Compositor: [(o) => new nodes.Compositor(o), picture, 'back_ground', 'background'],
  'Compositor.add': [(o) => wall().add(NEVER, o), {}, 'wdth', 'width'],
  'Compositor.setPlace': [(o) => wall().add(NEVER, { id: 'a' }).setPlace(o), {}, 'visble', 'visible'],
  'Compositor.setLayout': [(o) => wall().setLayout(o), { kind: 'grid' }, 'colums', 'columns'],
  convertColor: [(o) => nodes.convertColor(o), { format: 'RGB' }, 'colourSpace', 'colorSpace'],
  crop: [(o) => nodes.crop(o), picture, 'X_', 'x'],
  delay: [(o) => nodes.delay(o), { ms: 5 }, 'b_y', 'by'],
  detectDtmf: [(o) => nodes.detectDtmf(o), {}, 'onDigits', 'onDigit'],
  fade: [(o) => nodes.fade(o), { inMs: 5 }, 'outMS', 'outMs'],
  flip: [(o) => nodes.flip(o), {}, 'directon', 'direction'],
  gain: [(o) => nodes.gain(o), {}, 'dB', 'db'],
  'gain.setGain': [(o) => nodes.gain().setGain(0, o), {}, 'ramp_ms', 'rampMs'],
  level: [(o) => nodes.level(o), {}, 'interval', 'intervalMs'],
  loop: [(o) => nodes.loop(o), {}, 'cont', 'count'],
  mix: [(o) => nodes.mix(o), { inputs: { a: NEVER } }, 'limitr', 'limiter'],
  'mix.inputs': [(o: object) => nodes.mix({ inputs: { a: { source: NEVER, ...o } } }), {}, 'gaindB', 'gainDb'],
  Mixer: [(o) => mixer(o), {}, 'sample_rate', 'sampleRate'],
  'Mixer.add': [(o) => mixer({}).add(NEVER, o), {}, 'gain', 'gainDb'],
  'Mixer.add duck': [(o) => mixer({}).add(NEVER, { duck: o }), { under: 'a' }, 'attack', 'attackMs'],
  'MixerInput.remove': [(o) => mixer({}).add(NEVER).remove(o), {}, 'fade', 'fadeMs'],
  'MixerInput.setGain': [(o) => mixer({}).add(NEVER).setGain(0, o), {}, 'ramp', 'rampMs'],
  echoGuard: [(o) => nodes.echoGuard(o), { reference: nodes.echoReference({ clock: realClock }) }, 'learn', 'learnMs'],
  echoReference: [(o) => nodes.echoReference(o), { clock: realClock }, 'clockk', 'clock'],
  mixer: [(o) => nodes.mixer(o), {}, 'sample_rate', 'sampleRate'],
  'mixer.input': [(o) => nodes.mixer().checkInput('ada', o), {}, 'gain', 'gainDb'],
  noiseGate: [(o) => nodes.noiseGate(o), {}, 'lookahead', 'lookaheadMs'],
  overlay: [(o) => nodes.overlay(null, o), {}, 'opacty', 'opacity'],
  'overlay.setPlace': [(o) => nodes.overlay(null).setPlace(o), {}, 'visble', 'visible'],
  'overlay text': [(o) => nodes.overlay(o), { text: 'x' }, 'size_px', 'sizePx'],
  'overlay svg': [(o) => nodes.overlay(o), { svg: '<svg/>' }, 'scg', 'svg'],
  pace: [(o) => nodes.pace(o), {}, 'cushion', 'cushionMs'],
  rechunk: [(o) => nodes.rechunk(o), { ms: 5 }, 'sampels', 'samples'],
  remix: [(o) => nodes.remix(o), { channels: 1 }, 'matrx', 'matrix'],
  repeatLast: [(o) => nodes.repeatLast(o), {}, 'after', 'afterMs'],
  resample: [(o) => nodes.resample(o), { sampleRate: 8_000 }, 'qualty', 'quality'],
  rotate: [(o) => nodes.rotate(o), { degrees: 90 }, 'deg', 'degrees'],
  scale: [(o) => nodes.scale(o), picture, 'fliter', 'filter'],
  SentenceSplitter: [(o) => new nodes.SentenceSplitter(o), {}, 'local', 'locale'],
  SayQueue: [(o) => new nodes.SayQueue(o), { clock: realClock, receipt: () => {} }, 'receipts', 'receipt'],
  TurnTaker: [(o) => new nodes.TurnTaker(o), {}, 'strategy', 'strategies'],
  backChannels: [(o) => nodes.backChannels(o), {}, 'phrase', 'phrases'],
  judged: [(o) => nodes.judged(o), {}, 'treshold', 'threshold'],
  minimumWords: [(o) => nodes.minimumWords(o), { words: 2 }, 'word', 'words'],
  realtimeAgent: [(o) => nodes.realtimeAgent(graph('agent'), o), {}, 'sytem', 'system'],
  recognizerTurns: [(o) => nodes.recognizerTurns(o), {}, 'latest', 'latestMs'],
  recordConversation: [(o) => nodes.recordConversation(o), {}, 'rate', 'sampleRate'],
  silence: [(o) => nodes.silence(o), {}, 'margin', 'marginMs'],
  lastPartner: [(o) => nodes.lastPartner(o), {}, 'forms', 'forMs'],
  speak: [(o) => nodes.speak(o), {}, 'synthesiser', 'synthesizer'],
  transcribe: [(o) => nodes.transcribe(o), {}, 'recogniser', 'recognizer'],
  vad: [(o) => nodes.vad(o), {}, 'hangover', 'hangOverMs'],
  sustained: [(o) => nodes.sustained(o), {}, 'MS', 'ms'],
  voiceAgent: [(o) => nodes.voiceAgent(graph('agent'), o), {}, 'synthesiser', 'synthesizer'],
  switchTo: [(o) => nodes.switchTo(o), { inputs: { a: NEVER } }, 'cross_fade_ms', 'crossFadeMs'],
  tap: [(o) => nodes.tap(o), {}, 'nxt', 'next'],
  tee: [(o) => nodes.tee(NEVER, o), { branches: 2 }, 'capacity', 'capacityMs'],
  trimSilence: [(o) => nodes.trimSilence(o), {}, 'threshold', 'thresholdDb'],
  valve: [(o) => nodes.valve(o), {}, 'whenclose', 'whenClosed'],
  toFrames: [(o) => nodes.toFrames(o), {}, 'limt', 'limit'],
  toImageFiles: [(o) => nodes.toImageFiles('a-%d.png', o), {}, 'every_seconds', 'everySeconds'],
  toMjpeg: [(o) => nodes.toMjpeg(o), {}, 'prt', 'port'],
  toPcm: [(o) => nodes.toPcm(writable(), o), {}, 'sample_rate', 'sampleRate'],
  toRawVideo: [(o) => nodes.toRawVideo('a.raw', o), {}, 'fromat', 'format'],
  toWavFile: [(o) => nodes.toWavFile('a.wav', o), {}, 'rate', 'sampleRate'],
  toY4mFile: [(o) => nodes.toY4mFile('a.y4m', o), {}, 'cadance', 'cadence'],
  readTestPattern: [
    (o) => nodes.readTestPattern({ ...picture, format: 'RGB', data: new Uint8Array(768) }, o),
    {},
    'regin',
    'region',
  ],
};

/** Exported functions without an object of options. */
const without = [
  'ConversationLog',
  'alone',
  'anyOf',
  'byName',
  'eachPixel',
  'everyone',
  'externalTurns',
  'frameRate',
  'grayscale',
  'latest',
  'mapPixels',
  'meter',
  'partsOf',
  'pushToTalk',
  'sayFrame',
  'toNull',
];

describe('unknown options', () => {
  it.each(Object.entries(calls))('%s refuses them and names the nearest', (_name, [call, options, wrong, meant]) => {
    expect(() => call({ ...options, [wrong]: undefined } as never)).toThrow(
      expect.objectContaining({
        code: 'SLUICE_INVALID_ARGUMENT',
        message: expect.stringContaining(`did you mean ${meant}?`),
      }),
    );
  });

  it('are told where an object is expected and something else is given', () => {
    expect(() => nodes.gain(-6 as never)).toThrow(/gain is not valid; expected an object with the options db, rampMs/);
    expect(() => nodes.fromTone(440 as never)).toThrow(TypeError);
  });

  it('are refused by everything that is exported', () => {
    const functions = Object.entries(nodes).filter(([, value]) => typeof value === 'function');
    expect(
      functions
        .map(([name]) => name)
        .filter((name) => !(name in calls))
        .sort(),
    ).toEqual(without);
  });
});
