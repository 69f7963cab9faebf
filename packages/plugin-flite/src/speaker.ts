import { type Clock, sleep, toError } from '@sluice/core';
import { type SpeechRequest, type SynthesizerEvent, voiceError } from '@sluice/core/voice';
import type { FliteSettings } from './flite-settings.ts';
import type { SpeakMessage, Speech } from './messages.ts';
import { pieces } from './text/pieces.ts';
import { hasLetters, type SpokenToken, spokenTokens } from './text/spoken-tokens.ts';

export const SAMPLE_RATE = 16_000;
/** Samples of an `audio` event, 20 ms. */
const CHUNK = 320;
/** Characters of a request: six minutes of speech. Whoever has more has sentences to cut it into. */
const LONGEST_TEXT = 5_000;
/** How far a request runs ahead of a reader that plays as it reads, in milliseconds: more events than that are not kept. */
const MOST_AHEAD_MS = 100_000;

export interface SpeakerParts {
  readonly clock: Clock;
  readonly emit: (event: SynthesizerEvent) => void;
  readonly synthesize: (request: Omit<SpeakMessage, 'id'>, signal: AbortSignal) => Promise<Speech>;
}

/** A request and what the settings were when it was written. */
export interface SettledRequest extends SpeechRequest {
  readonly settings: FliteSettings;
}

/** Speaks requests: text to tokens, tokens to speech, speech to events. */
export class Speaker {
  readonly #parts: SpeakerParts;

  constructor(parts: SpeakerParts) {
    this.#parts = parts;
  }

  /** Tells all events of a request. Rejects only when the signal aborts. */
  async answer(request: SettledRequest, signal: AbortSignal): Promise<void> {
    const { id, epoch } = request;
    try {
      await this.#speak(request, signal);
      this.#parts.emit({ type: 'finished', id, epoch });
    } catch (error) {
      signal.throwIfAborted();
      this.#parts.emit({ type: 'failed', id, epoch, error: toError(error) });
    }
  }

  async #speak(request: SettledRequest, signal: AbortSignal): Promise<void> {
    const { clock, synthesize } = this.#parts;
    const { text, settings } = request;
    const tokens = readable(text);
    const began = clock.now();
    let offset = 0;
    for (const piece of pieces(tokens)) {
      const ahead = began + toMs(offset) - clock.now() - MOST_AHEAD_MS;
      if (ahead > 0) await sleep(clock, ahead, signal);
      const asked = { voice: settings.voice, stretch: 1 / settings.speed, tokens: piece.map(({ spoken }) => spoken) };
      const speech = await clock.track(synthesize(asked, signal));
      signal.throwIfAborted();
      this.#tell(request, piece, speech, offset);
      offset += speech.samples.length;
    }
  }

  #tell({ id, epoch }: SettledRequest, piece: SpokenToken[], { samples, times }: Speech, offset: number): void {
    const { emit } = this.#parts;
    for (const { token, start, end } of times) {
      const { from, to } = piece[token]!;
      const startMs = toMs(offset) + 1_000 * start;
      emit({ type: 'word', id, epoch, from, to, startMs, endMs: toMs(offset) + 1_000 * end });
    }
    for (let at = 0; at < samples.length; at += CHUNK)
      emit({
        type: 'audio',
        id,
        epoch,
        samples: samples.slice(at, at + CHUNK),
        sampleRate: SAMPLE_RATE,
        channels: 1,
      });
  }
}

function toMs(samples: number): number {
  return (samples * 1_000) / SAMPLE_RATE;
}

function readable(text: string): SpokenToken[] {
  if (text.length > LONGEST_TEXT)
    throw voiceError('the text is too long', {
      model: 'flite',
      category: 'give-up',
      expected: `at most ${LONGEST_TEXT} characters`,
      received: text.length,
      fix: 'Ask for a sentence at a time',
    });
  const tokens = spokenTokens(text);
  if (tokens.length === 0 && hasLetters(text))
    throw voiceError('it cannot speak this script', {
      model: 'flite',
      category: 'fall-back',
      expected: 'English',
      fix: 'Use a synthesizer of that language',
    });
  return tokens;
}
