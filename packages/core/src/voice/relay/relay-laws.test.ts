import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../../media/audio-frame.ts';
import { sleep } from '../../time/clock.ts';
import { micros } from '../../time/units.ts';
import { VirtualClock } from '../../time/virtual-clock.ts';
import {
  defineVoiceModel,
  errorCategories,
  fallback,
  type Recognizer,
  RequestLine,
  type SpeechRequest,
  type Swap,
  type Synthesizer,
  swappable,
  voiceError,
} from '../index.ts';

/** What a model does with a request or a frame: answers, or one of the ways to fail. */
const fate = fc.record({
  how: fc.constantFrom('answer', 'answer', 'answer', 'refuse', 'die', 'die-in-the-middle'),
  category: fc.constantFrom(...errorCategories),
  retryAfterMs: fc.constantFrom(undefined, 50, 5_000),
  ms: fc.nat(60),
});
type Fate = typeof fate extends fc.Arbitrary<infer T> ? T : never;
const errorOf = ({ category, retryAfterMs }: Fate) =>
  voiceError('it is so', { model: 'm', category, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

/** Says each request in two pieces that carry its number, unless its fate is another. */
function voice(fates: readonly Fate[]): Synthesizer<object> {
  let asked = 0;
  return defineVoiceModel({
    kind: 'synthesizer',
    name: 'voice',
    produces: { sampleRate: 16_000, channels: 1 },
    latencyMs: 0,
    words: false,
    settings: {},
    start: ({ clock, emit, fail, signal }) => {
      const line = new RequestLine<SpeechRequest>({ signal, fail }, async ({ id, epoch }, cancelled) => {
        const own = fates[asked++ % fates.length]!;
        await sleep(clock, own.ms, cancelled);
        const piece = (part: number) =>
          emit({
            type: 'audio',
            id,
            epoch,
            samples: Int16Array.of(Number(id), part),
            sampleRate: 16_000,
            channels: 1,
          });
        if (own.how === 'refuse') return emit({ type: 'failed', id, epoch, error: errorOf(own) });
        if (own.how === 'die') throw errorOf(own);
        piece(1);
        await sleep(clock, own.ms, cancelled);
        if (own.how === 'die-in-the-middle') throw errorOf(own);
        piece(2);
        emit({ type: 'finished', id, epoch });
      });
      return {
        write: (request) => line.add(request),
        flush: () => line.idle(),
        onCancel: (epoch) => line.cancel(epoch),
      };
    },
  });
}

/** Hears every frame, in order; dies of some. Its finals say which it heard. */
function ears(fates: readonly Fate[]): Recognizer<object> {
  let written = 0;
  return defineVoiceModel({
    kind: 'recognizer',
    name: 'ears',
    accepts: { sampleRates: [16_000], channels: [1] },
    latencyMs: 0,
    words: false,
    settings: {},
    start: ({ clock, emit, fail, signal }) => {
      let heard: number[] = [];
      let telling = Promise.resolve();
      return {
        write: ({ timestamp }) => {
          const own = fates[written++ % fates.length]!;
          if (own.how === 'die' || own.how === 'die-in-the-middle') return fail(errorOf(own));
          heard.push(timestamp);
          if (own.ms > 30) emit({ type: 'partial', text: '', words: [] });
        },
        flush() {
          const own = fates[written % fates.length]!;
          const [start, end] = [heard[0], heard.at(-1)];
          const text = heard.join(' ');
          heard = [];
          telling = telling.then(async () => {
            if (start === undefined || end === undefined) return;
            await sleep(clock, own.ms, signal);
            emit({ type: 'final', text, words: [], start: micros(start), end: micros(end + 20_000) });
          });
          return telling;
        },
      };
    },
  });
}

const runs = { numRuns: 150 };
const fates = fc.array(fate, { minLength: 1, maxLength: 12 });
const action = fc.constantFrom('item', 'item', 'item', 'wait', 'swap', 'flush', 'cancel');

describe('models made of models, under random faults', () => {
  it('answer requests in order, nothing twice, nothing lost, and one that was begun by one alone', async () => {
    await fc.assert(
      fc.asyncProperty(fates, fates, fc.array(action, { maxLength: 30 }), async (one, two, actions) => {
        const clock = new VirtualClock();
        const steady = () => voice([{ how: 'answer', category: 'retry', retryAfterMs: undefined, ms: 5 }]);
        const make = () => fallback(voice(one), voice(two), steady(), { recoverMs: 300, random: () => 0.5 });
        const model: Synthesizer<object> & Swap<'synthesizer'> = swappable(make());
        const session = await model.open({ clock });
        const told: { type: string; id: string; part?: number }[] = [];
        let lost: unknown;
        void (async () => {
          try {
            for await (const event of session)
              told.push({ type: event.type, id: event.id, ...(event.type === 'audio' && { part: event.samples[1]! }) });
          } catch (error) {
            lost = error;
          }
        })();
        let [count, epoch] = [0, 0];
        const asked: { id: string; epoch: number }[] = [];
        for (const what of actions) {
          if (session.ended) break;
          if (what === 'item') {
            const request = { id: `${++count}`, epoch, text: '' };
            asked.push(request);
            void session.write(request);
          } else if (what === 'swap') await model.use(make());
          else if (what === 'flush') void session.flush();
          else if (what === 'cancel') session.cancel(++epoch);
          else await clock.advance(40);
        }
        const flushed = session.flush();
        await clock.advance(60_000);
        await flushed;
        await session.close();
        // The steady voice is behind the others: only those told to wait for 5 s at the end of a round lose a session.
        expect(lost).toBeUndefined();
        const ends = told.filter(({ type }) => type !== 'audio');
        const ids = told.map(({ id }) => Number(id));
        expect(ids).toEqual([...ids].sort((a, b) => a - b));
        expect(new Set(ends.map(({ id }) => id)).size).toBe(ends.length);
        for (const { id, epoch: of } of asked) {
          const own = told.filter((event) => event.id === id);
          const parts = own.flatMap(({ part }) => part ?? []);
          expect(parts).toEqual([1, 2].slice(0, parts.length));
          if (of < epoch) continue;
          expect(own.at(-1)!.type).toMatch(/finished|failed/);
          if (own.at(-1)!.type === 'finished') expect(parts).toEqual([1, 2]);
        }
      }),
      runs,
    );
  });

  it('hear every frame once, in order, whoever dies of it', async () => {
    await fc.assert(
      fc.asyncProperty(fates, fates, fc.array(action, { maxLength: 40 }), async (one, two, actions) => {
        const clock = new VirtualClock();
        const steady = () => ears([{ how: 'answer', category: 'retry', retryAfterMs: undefined, ms: 40 }]);
        const make = () => fallback(ears(one), ears(two), steady(), { recoverMs: 300, random: () => 0.5 });
        const model: Recognizer<object> & Swap<'recognizer'> = swappable(make());
        const session = await model.open({ clock });
        const finals: string[] = [];
        void (async () => {
          for await (const event of session) if (event.type === 'final') finals.push(event.text);
        })();
        let count = 0;
        for (const what of actions) {
          if (what === 'item') {
            const timestamp = micros(count++ * 20_000);
            const samples = new Int16Array(320);
            void session.write(new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp }));
          } else if (what === 'swap') await model.use(make());
          else if (what === 'flush') void session.flush();
          else await clock.advance(20);
        }
        const flushed = session.flush();
        await clock.advance(60_000);
        await flushed;
        await session.close();
        const heard = finals.join(' ').match(/\d+/g) ?? [];
        expect(heard.map(Number)).toEqual(Array.from({ length: count }, (_, index) => index * 20_000));
      }),
      runs,
    );
  });
});
