// A node of one's own: a word becomes any number of frames, each made when there is room for it.
import { audioFrame, audioPort, defineNode, type Frame, framePort, graph, micros, samplesToMicros } from '@sluice/core';
import { toWavFile } from '@sluice/nodes';
import { from } from 'rxjs';
import { say } from '../room.ts';

interface Word extends Frame {
  readonly kind: 'word';
  readonly text: string;
}

const signs: Readonly<Record<string, string>> = { S: '...', L: '.-..', U: '..-', I: '..', C: '-.-.', E: '.' };
const sampleRate = 16_000;
/** Samples of the shortest sign: 60 ms. */
const unit = 960;

const tone = (units: number) =>
  Int16Array.from({ length: units * unit }, (_, index) => 8_000 * Math.sin((2 * Math.PI * 600 * index) / sampleRate));

/** What is heard of a word: tones and pauses. */
function* sounds(text: string) {
  for (const letter of text) {
    for (const sign of signs[letter] ?? '') {
      yield tone(sign === '.' ? 1 : 3);
      yield new Int16Array(unit);
    }
    yield new Int16Array(2 * unit);
  }
}

const morse = defineNode({
  name: 'morse',
  inputs: { words: framePort<Word>('word') },
  outputs: { out: audioPort({ sampleRate, channels: 1 }) },
  create: () => {
    let position = 0;
    return {
      // Asked for the next frame while the output has room; an interruption ends it.
      *onFrame(_port, { text }) {
        for (const samples of sounds(text)) {
          const timestamp = samplesToMicros(position, sampleRate);
          position += samples.length;
          yield ['out', audioFrame({ samples, sampleRate, channels: 1, timestamp })];
        }
      },
    };
  },
});

const bot = graph('morse');
const key = bot.add(morse());
const file = toWavFile(process.argv[2] ?? 'morse.wav');
bot.from(from<Word[]>([{ kind: 'word', text: 'SLUICE', timestamp: micros(0) }])).to(key.in.words);
key.out.out.to(file);
await bot.run();
const { path, duration } = await file.finished;
say(`${path}: ${(duration / 1e6).toFixed(2)} s`);
