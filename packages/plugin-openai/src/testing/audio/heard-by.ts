import { AudioFrame, micros } from '@sluice/core';
import { AudioConverter } from '@sluice/core/kernels';
import type { Accepts, Recognizer, RecognizerEvent, RecognizerSession, Word } from '@sluice/core/voice';
import type { HeardSound, Transcript } from './speech-script.ts';

/** Ears for a script. `close` gives the recogniser back. */
export interface HeardBy extends AsyncDisposable {
  (sound: HeardSound): Promise<Transcript>;
  /** Closes the recogniser's session once what it was given is heard. A later sound would open another. */
  close(): Promise<void>;
}

type Final = RecognizerEvent & { readonly type: 'final' };

/**
 * Ears for a script: what a recogniser makes of a sound. It is opened once and hears one sound after the other; what it
 * rejects is empty.
 *
 * @example
 * await using ears = heardBy(soundswallower({ sentences: ['hello'] }));
 * await using server = await startOpenAiServer({ transcribe: ears });
 */
export function heardBy(recognizer: Recognizer): HeardBy {
  let opened: Promise<RecognizerSession> | undefined;
  let before: Promise<unknown> = Promise.resolve();
  let finals: Final[] = [];
  let atUs = 0;

  /** The next sound is heard by another session. */
  const lost = () => {
    opened = undefined;
  };
  async function open(): Promise<RecognizerSession> {
    const session = await recognizer.open();
    void (async () => {
      for await (const event of session) if (event.type === 'final') finals.push(event);
    })().catch(lost);
    return session;
  }

  async function hear({ samples, sampleRate: from }: HeardSound): Promise<Transcript> {
    opened ??= open();
    opened.catch(lost);
    const session = await opened;
    const startUs = atUs;
    for (const frame of framesOf(samples, from, recognizer.accepts, startUs)) {
      atUs = frame.timestamp + frame.duration;
      await session.write(frame);
      frame.close();
    }
    await session.flush();
    // The last event is read a microtask later.
    await new Promise((resolve) => setImmediate(resolve));
    const told = finals.filter(({ rejected }) => rejected !== true);
    finals = [];
    const seconds = (us: number) => Math.max(0, us - startUs) / 1_000_000;
    const inSeconds = ({ text, start, end }: Word) => ({ word: text, start: seconds(start), end: seconds(end) });
    return {
      text: told.map(({ text }) => text).join(' '),
      words: told.flatMap(({ words }) => words.map(inSeconds)),
    };
  }

  const close = async () => {
    await before.catch(() => {});
    await (await opened?.catch(() => undefined))?.close();
    opened = undefined;
  };
  const ears = (sound: HeardSound) => {
    const heard = before.catch(() => {}).then(() => hear(sound));
    before = heard;
    return heard;
  };
  return Object.assign(ears, { close, [Symbol.asyncDispose]: close });
}

/** A sound in frames of 100 ms as a recogniser takes them. */
function* framesOf(samples: Int16Array, from: number, { sampleRates, channels }: Accepts, startUs: number) {
  const sampleRate = sampleRates.includes(from) ? from : (sampleRates[0] ?? from);
  const to = { sampleRate, channels: channels[0] ?? 1 };
  const converter = new AudioConverter({ sampleRate: from, channels: 1 }, to);
  let count = 0;
  for (let at = 0; at < samples.length + from / 10; at += from / 10) {
    const piece = at < samples.length ? converter.process(samples.subarray(at, at + from / 10)) : converter.flush();
    if (piece.length === 0) continue;
    const timestamp = micros(startUs + Math.round((count * 1_000_000) / sampleRate));
    count += piece.length / to.channels;
    yield new AudioFrame({ samples: piece, ...to, timestamp });
  }
}
