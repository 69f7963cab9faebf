import { sleep } from '@sluice/core';
import { defineVoiceModel, RequestLine, type SpeechRequest, type Synthesizer, voiceError } from '@sluice/core/voice';
import type { FaultPlan } from './fault-plan.ts';
import { never } from './faulty-language-model.ts';
import { numbersIn, type SaidWord } from './spoken-words.ts';

/** How words sound. */
export interface SpokenForm {
  /** Hz. */
  readonly rate: number;
  readonly say: (text: string) => { readonly samples: Int16Array; readonly words: readonly SaidWord[] };
  /** A second of sound that is no word. */
  readonly drone: () => Int16Array;
}

/** A voice of numbered words that fails as planned. */
export function faultySynthesizer(plan: FaultPlan, { rate, say, drone }: SpokenForm): Synthesizer<object> {
  const frame = rate / 50;
  return defineVoiceModel({
    kind: 'synthesizer',
    name: `${plan.name}-voice`,
    produces: { sampleRate: rate, channels: 1 },
    latencyMs: 30,
    words: true,
    settings: {},
    start: async ({ clock, emit, signal, fail }) => {
      await plan.checkOpening('voice', { clock, signal });
      const line = new RequestLine<SpeechRequest>({ signal, fail }, async ({ id, epoch, text }, cancelled) => {
        const { samples, words } = say(text);
        const audio = (from: number, to: number, piece = frame, sampleRate = rate, channels = 1) => {
          for (let at = from; at < to; at += piece)
            emit({
              type: 'audio',
              id,
              epoch,
              samples: samples.slice(at, Math.min(at + piece, to)),
              sampleRate,
              channels,
            });
        };
        const tellWords = () => {
          for (const word of words) emit({ type: 'word', id, epoch, ...word });
        };
        const finish = () => emit({ type: 'finished', id, epoch });
        const whole = (...how: [number?, number?, number?]) => {
          tellWords();
          audio(0, samples.length, ...how);
          finish();
        };
        const disguise = () => {
          for (const number of numbersIn(text)) plan.disguised.add(number);
        };
        const half = frame * Math.ceil(samples.length / 2 / frame);
        await sleep(clock, 30, cancelled);
        switch (plan.voice.shift()) {
          case undefined:
            return whole();
          case 'slow':
            await sleep(clock, 1_500, cancelled);
            return whole();
          case 'dead':
            return never(cancelled);
          case 'flood':
            tellWords();
            audio(0, samples.length);
            for (let second = 0; second < 60; second++)
              emit({
                type: 'audio',
                id,
                epoch,
                samples: drone(),
                sampleRate: rate,
                channels: 1,
              });
            return finish();
          case 'rate':
            disguise();
            return whole(frame, 22_050);
          case 'channels':
            disguise();
            return whole(frame, rate, 2);
          case 'half-lost':
            tellWords();
            audio(0, half);
            return fail(new Error('lost in half a sentence'));
          case 'half-dead':
            tellWords();
            audio(0, half);
            return never(cancelled);
          case 'late':
            tellWords();
            audio(0, half);
            // It goes on although it was given up.
            await sleep(clock, 1_500);
            audio(half, samples.length);
            return finish();
          case 'empty':
            emit({ type: 'audio', id, epoch, samples: new Int16Array(0), sampleRate: rate, channels: 1 });
            return finish();
          case 'odd':
            return whole(333);
          case 'lost':
            return fail(new Error('lost'));
          case 'failed':
            return emit({ type: 'failed', id, epoch, error: new Error('cannot say that') });
          case 'retry':
            return emit({ type: 'failed', id, epoch, error: voiceError('busy', { model: 'v', category: 'retry' }) });
        }
      });
      return {
        write: (request) => line.add(request),
        flush: () => line.idle(),
        onCancel: (epoch) => line.cancel(epoch),
      };
    },
  });
}
