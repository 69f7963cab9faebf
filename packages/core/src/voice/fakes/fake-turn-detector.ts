import { sleep } from '../../time/clock.ts';
import { defineVoiceModel } from '../define-voice-model.ts';
import { RequestLine } from '../request-line.ts';
import type { TurnDetector, TurnQuestion } from '../turn-detector.ts';

export interface FakeTurnDetectorOptions {
  /** How likely a turn is over. Default: 1 after a stop, 0.1 otherwise. */
  readonly judge?: (question: TurnQuestion) => number;
  /** Until it answers, in milliseconds. Default 0. */
  readonly answerMs?: number;
}

/** A turn detector that judges by its script. */
export function fakeTurnDetector(options: FakeTurnDetectorOptions = {}): TurnDetector<object> {
  const { judge = ({ text }) => (/[.?!]$/.test(text) ? 1 : 0.1), answerMs = 0 } = options;
  return defineVoiceModel({
    kind: 'turn-detector',
    name: 'fake-turn-detector',
    latencyMs: answerMs,
    settings: {},
    start: ({ clock, emit, signal, fail }) => {
      const line = new RequestLine<TurnQuestion>({ signal, fail }, async (question, cancelled) => {
        if (answerMs > 0) await sleep(clock, answerMs, cancelled);
        emit({ type: 'verdict', id: question.id, epoch: question.epoch, probability: judge(question) });
      });
      return {
        write: (question) => line.add(question),
        flush: () => line.idle(),
        onCancel: (epoch) => line.cancel(epoch),
      };
    },
  });
}
