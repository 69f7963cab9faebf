import type { SynthesizerEvent } from '@sluice/core/voice';

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
