import { type AudioFrame, micros, sleep } from '@sluice/core';
import { defineVoiceModel, type Recognizer, type VoiceDetector } from '@sluice/core/voice';
import type { FaultPlan } from './fault-plan.ts';
import type { Person } from './person.ts';
import { RATE } from './spoken-words.ts';

const accepts = { sampleRates: [RATE], channels: [1] };
const BLOCK = RATE / 100;
/** Silence after which speech is over, in microseconds. */
const HANG = 50_000;

/** Cuts frames into 10 ms and tells of each whether anything is heard in it. */
function eachBlock({ samples, timestamp }: AudioFrame, told: (loud: boolean, from: number, to: number) => void): void {
  for (let block = 0; block * BLOCK < samples.length; block++) {
    let loud = false;
    for (let at = block * BLOCK; at < (block + 1) * BLOCK; at += 4) loud ||= samples[at] !== 0;
    told(loud, timestamp + block * 10_000, timestamp + (block + 1) * 10_000);
  }
}

/** A recogniser that knows what the person says, and fails as planned. */
export function faultyRecognizer(plan: FaultPlan, person: Person): Recognizer<object> {
  return defineVoiceModel({
    kind: 'recognizer',
    name: 'faulty-ear',
    accepts,
    latencyMs: 100,
    words: true,
    settings: {},
    start: ({ clock, emit, signal, fail }) => {
      plan.checkOpening('ear');
      let heard: { start: number; end: number; told: number } | undefined;
      let finals: Promise<void> = Promise.resolve();
      const partial = (text: string) => emit({ type: 'partial', text, words: [] });
      return {
        write(frame) {
          eachBlock(frame, (loud, from, to) => {
            if (!loud) return;
            heard ??= { start: from, end: to, told: from };
            heard.end = to;
            if (to - heard.told < 200_000 || plan.ear[0] === 'silent') return;
            heard.told = to;
            partial(person.said(heard.start, heard.end));
          });
        },
        flush() {
          const fault = plan.ear.shift();
          if (fault === 'ghost')
            emit({ type: 'final', text: 'nobody said that', words: [], start: micros(0), end: micros(0) });
          const stretch = heard;
          heard = undefined;
          if (fault === 'lost') return fail(new Error('lost'));
          if (fault === 'silent' || stretch === undefined) return;
          if (fault === 'partials') for (let i = 0; i < 5_000; i++) partial('and so on');
          const told = async () => {
            await sleep(clock, fault === 'late' ? 1_800 : 50, signal);
            const [start, end] = [micros(stretch.start), micros(stretch.end)];
            const rejected = fault === 'rejected';
            const text = rejected ? '' : person.said(start, end);
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

/** A detector that takes what is loud for speech, and fails as planned. */
export function faultyDetector(plan: FaultPlan): VoiceDetector<object> {
  return defineVoiceModel({
    kind: 'voice-detector',
    name: 'faulty-detector',
    accepts,
    latencyMs: { speech: 10, silence: HANG / 1_000 },
    settings: {},
    start: ({ emit, fail }) => {
      plan.checkOpening('detector');
      let speaking = false;
      let quietSince: number | undefined;
      const tell = (now: boolean, at: number, toldAt: number) => {
        speaking = now;
        emit({ type: now ? 'speech' : 'silence', at: micros(at), toldAt: micros(toldAt) });
      };
      return {
        write(frame) {
          eachBlock(frame, (loud, from, to) => {
            const fault = plan.detector;
            if (fault === 'lost') {
              plan.detector = undefined;
              return fail(new Error('lost'));
            }
            if (fault === 'chatter') return tell(!speaking, from, to);
            if (fault === 'stuck') return speaking ? undefined : tell(true, from, to);
            quietSince = loud ? undefined : (quietSince ?? from);
            if (loud && !speaking) tell(true, from, to);
            else if (speaking && quietSince !== undefined && to - quietSince >= HANG) tell(false, quietSince, to);
          });
        },
      };
    },
  });
}
