import { expect, it } from 'vitest';
import { SpeechSwitch } from './speech-switch.ts';
import type { VoiceDetectorEvent } from './voice-detector.ts';

const settings = { minSpeechMs: 20, minSilenceMs: 30 };

/** Blocks of 10 ms, `#` voiced; what was told, in milliseconds. */
function told(blocks: string, more: (speech: SpeechSwitch) => void = () => {}) {
  const events: VoiceDetectorEvent[] = [];
  const speech = new SpeechSwitch((event) => events.push(event));
  for (const [index, block] of [...blocks].entries())
    speech.take(block === '#', index * 10_000, (index + 1) * 10_000, settings);
  more(speech);
  return events.map(({ type, at, toldAt }) => `${type} ${at / 1_000} at ${toldAt / 1_000}`);
}

it('tells of speech once it has lasted, and dates it where it began', () => {
  expect(told('.#.##')).toEqual(['speech 30 at 50']);
});

it('tells of silence once it has lasted, and dates it behind the last voiced block', () => {
  expect(told('###..#...##')).toEqual(['speech 0 at 20', 'silence 60 at 90', 'speech 90 at 110']);
});

it('takes back what only seemed voiced', () => {
  const both = (speech: SpeechSwitch) => {
    speech.retract(30_000);
    speech.take(false, 50_000, 60_000, settings);
  };
  expect(told('#####', both)).toEqual(['speech 0 at 20', 'silence 30 at 60']);
});

it('ends speech that nothing follows, and says nothing where there was none', () => {
  expect(told('###', (speech) => speech.end(90_000))).toEqual(['speech 0 at 20', 'silence 30 at 90']);
  expect(told('#', (speech) => speech.end(90_000))).toEqual([]);
});
