import { type AudioFrame, micros, sleep } from '@sluice/core';
import { defineVoiceModel, type Recognizer, type VoiceDetector } from '@sluice/core/voice';
import type { FaultPlan } from './fault-plan.ts';
import { RATE } from './spoken-words.ts';

const accepts = { sampleRates: [RATE], channels: [1] };
const BLOCK = RATE / 100;

/** Cuts frames into 10 ms and tells of each whether anything louder is heard in it. */
export function eachBlock(
  { samples, timestamp }: AudioFrame,
  audible: number,
  told: (loud: boolean, from: number, to: number) => void,
): void {
  for (let block = 0; block * BLOCK < samples.length; block++) {
    let loud = false;
    for (let at = block * BLOCK; at < (block + 1) * BLOCK; at += 4) loud ||= Math.abs(samples[at]!) > audible;
    told(loud, timestamp + block * 10_000, timestamp + (block + 1) * 10_000);
  }
}

/** What a recogniser understands, when nothing is wrong with it. */
export interface Understanding {
  /** Takes a frame. Returns all that was understood since the last stretch was over, when there is something new. */
  hear(frame: AudioFrame): string | undefined;
  /** All that was understood since then. */
  now(): string | undefined;
  /** The stretch is over: what it was, in microseconds of the sound; undefined if there was nothing. */
  finish(): { readonly text: string; readonly start: number; readonly end: number } | undefined;
}

/** A recogniser that fails as planned. */
export function faultyRecognizer(plan: FaultPlan, understanding: () => Understanding): Recognizer<object> {
  return defineVoiceModel({
    kind: 'recognizer',
    name: `${plan.name}-ear`,
    accepts,
    latencyMs: 100,
    words: true,
    settings: {},
    start: async ({ clock, emit, signal, fail }) => {
      await plan.checkOpening('ear', { clock, signal });
      const listener = understanding();
      let finals: Promise<void> = Promise.resolve();
      const partial = (text: string) => emit({ type: 'partial', text, words: [] });
      return {
        write(frame) {
          const text = listener.hear(frame);
          if (text !== undefined && plan.ear[0] !== 'silent') partial(text);
        },
        flush() {
          const fault = plan.ear.shift();
          if (fault === 'ghost')
            emit({ type: 'final', text: 'nobody said that', words: [], start: micros(0), end: micros(0) });
          const stretch = listener.finish();
          if (fault === 'lost') return fail(new Error('lost'));
          if (fault === 'silent' || stretch === undefined) return;
          if (fault === 'partials') for (let i = 0; i < 5_000; i++) partial('and so on');
          const told = async () => {
            await sleep(clock, fault === 'late' ? 1_800 : 50, signal);
            const [start, end] = [micros(stretch.start), micros(stretch.end)];
            const rejected = fault === 'rejected';
            const text = rejected ? '' : stretch.text;
            emit({ type: 'final', text, words: [], start, end, ...(rejected ? { rejected } : {}) });
          };
          // One final after the other, however late.
          finals = finals.then(told);
          return finals;
        },
      };
    },
  });
}

export interface DetectorForm {
  /** What is louder is speech, in sample units. */
  readonly audible: number;
  /** Silence after which speech is over, in milliseconds. */
  readonly hangMs: number;
}

/** A detector that takes what is loud for speech, and fails as planned. */
export function faultyDetector(
  plan: FaultPlan,
  { audible, hangMs }: DetectorForm = { audible: 0, hangMs: 50 },
): VoiceDetector<object> {
  return defineVoiceModel({
    kind: 'voice-detector',
    name: `${plan.name}-detector`,
    accepts,
    latencyMs: { speech: 10, silence: hangMs },
    settings: {},
    start: async ({ clock, emit, fail, signal }) => {
      await plan.checkOpening('detector', { clock, signal });
      let speaking = false;
      let quietSince: number | undefined;
      const tell = (now: boolean, at: number, toldAt: number) => {
        speaking = now;
        emit({ type: now ? 'speech' : 'silence', at: micros(at), toldAt: micros(toldAt) });
      };
      return {
        write(frame) {
          eachBlock(frame, audible, (loud, from, to) => {
            const fault = plan.detector;
            if (fault === 'lost') {
              plan.detector = undefined;
              return fail(new Error('lost'));
            }
            if (fault === 'chatter') return tell(!speaking, from, to);
            if (fault === 'stuck') return speaking ? undefined : tell(true, from, to);
            quietSince = loud ? undefined : (quietSince ?? from);
            if (loud && !speaking) tell(true, from, to);
            else if (speaking && quietSince !== undefined && to - quietSince >= hangMs * 1_000)
              tell(false, quietSince, to);
          });
        },
      };
    },
  });
}
