import { sleep } from '@sluice/core';
import { defineVoiceModel, RequestLine, type SpeechRequest, type Synthesizer, voiceError } from '@sluice/core/voice';
import type { FaultPlan } from './fault-plan.ts';
import { never } from './faulty-language-model.ts';
import { numbersIn, RATE, sayWords } from './spoken-words.ts';

const PIECE = RATE / 50;

/** A voice of numbered square waves that fails as planned. */
export function faultySynthesizer(plan: FaultPlan): Synthesizer<object> {
  return defineVoiceModel({
    kind: 'synthesizer',
    name: 'faulty-voice',
    produces: { sampleRate: RATE, channels: 1 },
    latencyMs: 30,
    words: true,
    settings: {},
    start: ({ clock, emit, signal, fail }) => {
      plan.checkOpening('voice');
      const line = new RequestLine<SpeechRequest>({ signal, fail }, async ({ id, epoch, text }, cancelled) => {
        const { samples, words } = sayWords(text);
        const audio = (from: number, to: number, piece = PIECE, sampleRate = RATE, channels = 1) => {
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
        const half = PIECE * Math.ceil(samples.length / 2 / PIECE);
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
                samples: new Int16Array(RATE).fill(700),
                sampleRate: RATE,
                channels: 1,
              });
            return finish();
          case 'rate':
            disguise();
            return whole(PIECE, 22_050);
          case 'channels':
            disguise();
            return whole(PIECE, RATE, 2);
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
            emit({ type: 'audio', id, epoch, samples: new Int16Array(0), sampleRate: RATE, channels: 1 });
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
