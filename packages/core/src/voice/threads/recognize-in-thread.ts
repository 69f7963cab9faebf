// A recogniser's work in a thread of its session: what goes there and comes back, and stretches of sound without holes.
// No engine: a plugin brings its decoder.

import { outOfRange } from '../../errors.ts';
import type { AudioFrame } from '../../media/audio-frame.ts';
import type { RecognizerEvent } from '../recognizer.ts';
import type { SessionContext, SessionHandlers } from '../session.ts';
import { voiceError } from '../voice-error.ts';
import { DecoderLink } from './decoder-link.ts';
import type { Heard } from './decoder-messages.ts';
import { Stretches } from './stretches.ts';

export interface RecognizerThread<Settings> {
  /** The model's name, for messages. */
  readonly name: string;
  /** The module that calls `serveRecognizer`: compiled code, `new URL('./x-thread.js', import.meta.url)`. */
  readonly thread: URL;
  /** Hz, one channel; other frames end the session. */
  readonly sampleRate: number;
  /** A process instead of a thread, for engines that can take theirs down. Default false. */
  readonly isolated?: boolean;
  /** What the decoder is to use, at the start and after each `update`; it must survive a structured clone. */
  readonly setUp: (settings: Readonly<Settings>) => unknown;
  /** The longest stretch, in milliseconds: longer ones are cut, so that no decoder grows without bound. Default 60,000. */
  readonly mostStretchMs?: number;
}

/** Messages that may be under way to the thread: with frames of 20 ms a second. */
const MOST_UNDER_WAY = 50;

/**
 * Runs a recogniser in a thread that belongs to the session: `start` of its definition returns what this does. Stretches
 * end at `flush()`, at a hole in the timestamps, at a gap and when they are too long; word times are media time; what was
 * cancelled is not told; `write` waits while the thread is a second behind. Settings that change hold from the next
 * stretch on.
 *
 * @throws VoiceError `give-up` when the decoder refuses its set-up or dies of it, `fall-back` when it dies later
 * @example
 * const ears = defineVoiceModel({
 *   kind: 'recognizer', name: 'ears', settings: { grammar: '' },
 *   accepts: { sampleRates: [16_000], channels: [1] }, words: true, latencyMs: 300,
 *   start: (context) => recognizeInThread(context, {
 *     name: 'ears', thread: new URL('./decoder-thread.js', import.meta.url), sampleRate: 16_000,
 *     setUp: (settings) => settings,
 *   }),
 * });
 */
export async function recognizeInThread<Settings>(
  context: SessionContext<RecognizerEvent, Settings>,
  { name, thread, sampleRate, isolated = false, setUp, mostStretchMs = 60_000 }: RecognizerThread<Settings>,
): Promise<SessionHandlers<AudioFrame>> {
  if (!(mostStretchMs >= 100)) throw outOfRange('mostStretchMs', '100 or more', mostStretchMs);
  const stretches = new Stretches(sampleRate, mostStretchMs);
  let started = false;
  let refusal: unknown;
  const fail = (error: unknown) => {
    if (started) context.fail(error);
    else refusal ??= error;
  };
  const tell = (type: 'partial' | 'final', id: number, { text, words, spoken, rejected }: Heard) => {
    const stretch = stretches.find(id);
    if (stretch === undefined) return;
    const at = (sample: number) => stretches.timeOf(stretch, sample);
    const placed = words.map((word) => ({ text: word.text, start: at(word.from), end: at(word.to) }));
    if (type === 'partial') {
      if (rejected !== true && text !== '') context.emit({ type, text, words: placed });
      return;
    }
    stretches.settle(id);
    const { from, to } = spoken ?? { from: 0, to: stretch.samples };
    const final: RecognizerEvent = { type, text, words: placed, start: at(from), end: at(to) };
    context.emit(rejected === true ? { ...final, rejected } : final);
  };
  const link = new DecoderLink(thread, isolated, context.clock, {
    heard: ({ type, stretch, heard }) => tell(type, stretch, heard),
    refused: (message) => fail(voiceError(message, { model: name, category: 'give-up' })),
    lost: (cause) =>
      fail(
        started ? cause : voiceError(`it did not start: ${cause.message}`, { model: name, category: 'give-up', cause }),
      ),
  });

  await link.send({ type: 'use', setUp: setUp(context.settings) });
  if (refusal !== undefined) {
    await link.close();
    throw refusal;
  }
  started = true;
  return {
    write(frame) {
      if (frame.sampleRate !== sampleRate || frame.channels !== 1) throw otherFormat(name, sampleRate, frame);
      const { stretch, ended } = stretches.add(frame);
      if (ended !== undefined) void link.send({ type: 'end', stretch: ended.id });
      const sent = link.send({ type: 'audio', stretch: stretch.id, samples: new Int16Array(frame.samples) });
      return link.waiting > MOST_UNDER_WAY ? sent : undefined;
    },
    flush() {
      const ended = stretches.end();
      return ended === undefined ? undefined : link.send({ type: 'end', stretch: ended.id });
    },
    onUpdate: () => void link.send({ type: 'use', setUp: setUp(context.settings) }),
    onCancel() {
      stretches.drop();
      void link.send({ type: 'drop' });
    },
    close: () => link.close(),
  };
}

function otherFormat(model: string, rate: number, { sampleRate, channels }: AudioFrame): Error {
  return voiceError(`it hears one channel of ${rate / 1_000} kHz`, {
    model,
    category: 'give-up',
    received: `${channels} of ${sampleRate} Hz`,
    fix: 'Convert the frames before: graphs do so by themselves',
  });
}
