import assert from 'node:assert/strict';
import type { AudioFrame } from '../../../media/audio-frame.ts';
import type {
  LanguageModelEvent,
  RecognizerEvent,
  ReplyRequest,
  SpeechRequest,
  SynthesizerEvent,
  TurnQuestion,
  TurnVerdict,
  VoiceDetectorEvent,
  VoiceKind,
} from '../../../voice/index.ts';
import { type Check, check } from '../check.ts';
import { assertRequests } from './assert-requests.ts';
import { modelChecks } from './model-checks.ts';
import { type AnyModel, ModelTrial } from './model-trial.ts';
import { speechModelChecks } from './speech-model-checks.ts';
import { durationOf, pieces, type VoiceProfile } from './voice-profile.ts';

type Checks = readonly Check<() => AnyModel>[];

/** The checks for a kind of model: those of all kinds, and the stated order of its events. */
export function voiceChecks(kind: VoiceKind, profile: VoiceProfile): Checks {
  const secrets = profile.secrets === undefined ? {} : { secrets: profile.secrets };
  const texts = profile.texts ?? ['Hello there.', 'This is a test.'];
  switch (kind) {
    case 'synthesizer': {
      const items = (epoch: number) => texts.map((text, i): SpeechRequest => ({ id: `${epoch}-${i}`, epoch, text }));
      const told = ({ type, id }: SynthesizerEvent) => `${id} ${type}`;
      const orders = check<() => AnyModel<SpeechRequest, SynthesizerEvent>>(
        'speaks requests in order, words within the text and the sound, one end each',
        async (make) => {
          await using trial = await ModelTrial.open(make(), secrets);
          await trial.write(...items(0));
          await trial.flush();
          assertSpeech(trial.events, items(0));
        },
      );
      return [...modelChecks({ kind, items, told, asks: true, ...secrets }), orders] as never;
    }
    case 'language-model': {
      const items = (epoch: number) =>
        texts.map((text, i): ReplyRequest => ({ id: `${epoch}-${i}`, epoch, messages: [{ role: 'user', text }] }));
      const told = ({ type, id }: LanguageModelEvent) => `${id} ${type}`;
      const orders = check<() => AnyModel<ReplyRequest, LanguageModelEvent>>(
        'replies to requests in order, with one end each',
        async (make) => {
          await using trial = await ModelTrial.open(make(), secrets);
          await trial.write(...items(0));
          await trial.flush();
          assertRequests(trial.events, items(0));
        },
      );
      return [...modelChecks({ kind, items, told, asks: true, ...secrets }), orders] as never;
    }
    case 'speech-model':
      return speechModelChecks(profile, texts) as never;
    case 'turn-detector': {
      const items = (epoch: number) =>
        texts.map((text, i): TurnQuestion => ({ id: `${epoch}-${i}`, epoch, text, words: [], pauseMs: 300 }));
      const orders = check<() => AnyModel<TurnQuestion, TurnVerdict>>(
        'gives one verdict a question, from 0 to 1',
        async (make) => {
          await using trial = await ModelTrial.open(make(), secrets);
          await trial.write(...items(0));
          await trial.flush();
          assert.deepEqual(
            trial.events.map(({ id }) => id),
            items(0).map(({ id }) => id),
          );
          for (const { probability } of trial.events) assert.ok(probability >= 0 && probability <= 1, `${probability}`);
        },
      );
      const told = ({ id }: TurnVerdict) => id;
      return [...modelChecks({ kind, items, told, asks: true, ...secrets }), orders] as never;
    }
    case 'recognizer': {
      const items = () => pieces(profile, 20);
      const told = (event: RecognizerEvent) =>
        event.type === 'final' ? [event.text, event.start, event.end] : 'partial';
      const orders = check<() => AnyModel<AudioFrame, RecognizerEvent>>(
        'ends a stretch with one final, words in order and within the sound',
        async (make) => {
          await using trial = await ModelTrial.open(make(), secrets);
          await trial.write(...items());
          await trial.flush();
          assertHeard(trial.events, durationOf(profile));
        },
      );
      const finals = (event: RecognizerEvent) => (event.type === 'final' ? told(event) : 'partial');
      return [
        ...modelChecks({ kind, items, told: finals, asks: false, ...secrets }),
        orders,
        ...sameForPieces(profile, secrets),
      ] as never;
    }
    case 'voice-detector': {
      const items = () => pieces(profile, 20);
      const told = ({ type, at, toldAt }: VoiceDetectorEvent) => [type, at, toldAt];
      const orders = check<() => AnyModel<AudioFrame, VoiceDetectorEvent>>(
        'tells speech and silence in turns, each after it began',
        async (make) => {
          await using trial = await ModelTrial.open(make(), secrets);
          await trial.write(...items());
          await trial.flush();
          for (const [i, { type, at, toldAt }] of trial.events.entries()) {
            assert.equal(type, i % 2 === 0 ? 'speech' : 'silence', `event ${i}`);
            assert.ok(at <= toldAt && toldAt <= durationOf(profile), `${type} at ${at} was told at ${toldAt}`);
          }
        },
      );
      return [
        ...modelChecks({ kind, items, told, asks: false, ...secrets }),
        orders,
        ...sameForPieces(profile, secrets),
      ] as never;
    }
  }
}

/** Pieces of any size give the same result. */
function sameForPieces(profile: VoiceProfile, secrets: object): Checks {
  return [
    check('tells the same for pieces of 10 ms, of odd sizes and for a whole file', async (make) => {
      const results: unknown[] = [];
      for (const ms of [10, 13.7, 100, Number.POSITIVE_INFINITY]) {
        await using trial = await ModelTrial.open(make() as AnyModel<AudioFrame>, secrets);
        await trial.write(...pieces(profile, ms));
        await trial.flush();
        results.push(trial.events.filter(({ type }) => type !== 'partial'));
      }
      for (const result of results.slice(1)) assert.deepEqual(result, results[0]);
    }),
  ];
}

function assertSpeech(events: readonly SynthesizerEvent[], requests: readonly SpeechRequest[]): void {
  assertRequests(events, requests);
  for (const { id, text } of requests) {
    let samples = 0;
    let [from, startMs, rate] = [0, 0, 0];
    const own = events.filter((event) => event.id === id);
    for (const event of own)
      if (event.type === 'audio') {
        samples += event.samples.length / event.channels;
        rate = event.sampleRate;
      }
    assert.ok(samples > 0, `no sound for "${text}"`);
    for (const word of own) {
      if (word.type !== 'word') continue;
      assert.ok(
        word.from >= from && word.to > word.from && word.to <= text.length,
        `place of a word: ${word.from} to ${word.to}`,
      );
      assert.ok(
        word.startMs >= startMs && word.endMs >= word.startMs,
        `time of a word: ${word.startMs} to ${word.endMs} ms`,
      );
      assert.ok(word.endMs <= (samples * 1_000) / rate + 50, `a word ends at ${word.endMs} ms, after the sound`);
      from = word.to;
      startMs = word.startMs;
    }
  }
}

function assertHeard(events: readonly RecognizerEvent[], duration: number): void {
  assert.equal(events.at(-1)?.type, 'final', 'the last event');
  for (const event of events) {
    let before = 0;
    for (const { start, end } of event.words) {
      assert.ok(start >= before && end >= start && end <= duration, `a word from ${start} to ${end} us`);
      before = start;
    }
    if (event.type === 'final') assert.ok(event.start <= event.end && event.end <= duration, 'the bounds of a final');
  }
}
