import type { Synthesizer, SynthesizerEvent, SynthesizerSession } from '@sluice/core/voice';
import { ObservedSession } from './observed-session.ts';

/** All samples of one request, in order. */
export function samplesOf(events: readonly SynthesizerEvent[], id: string): Int16Array {
  const pieces = events.flatMap((event) => (event.type === 'audio' && event.id === id ? [event.samples] : []));
  const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return samples;
}

/** How each request ended, in order: `finished a`, `failed b`. */
export function endsOf(events: readonly SynthesizerEvent[]): string[] {
  return events.flatMap(({ type, id }) => (type === 'finished' || type === 'failed' ? [`${type} ${id}`] : []));
}

/** A session with a voice, and what it has told. */
export interface ObservedVoice {
  /** The open session: write requests to it. */
  readonly session: SynthesizerSession;
  /** All that it has told so far, oldest first. */
  readonly events: readonly SynthesizerEvent[];
  /** How many samples one request has by now. */
  readonly samplesOf: (id: string) => number;
  /** As `endsOf` says. */
  readonly ends: () => string[];
  /** Resolves when everything written before is answered, and the answer has been read. */
  readonly flush: () => Promise<void>;
  /** Closes the session. */
  readonly close: () => Promise<void>;
}

/** Opens a session of a synthesizer. Closing it is the caller's. @throws VoiceError when it does not open */
export async function observeVoice(voice: Synthesizer<object>): Promise<ObservedVoice> {
  const observed = await ObservedSession.open<Parameters<SynthesizerSession['write']>[0], SynthesizerEvent, object>(
    voice,
  );
  const { session, events } = observed;
  return {
    session,
    events,
    samplesOf: (id) => samplesOf(events, id).length,
    ends: () => endsOf(events),
    flush: () => observed.flush(),
    close: () => observed.close(),
  };
}
