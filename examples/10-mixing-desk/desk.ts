// The graph of the mixing desk, for a call (10-mixing-desk) and for a file (11-offline-render).
import { type AudioFrame, type Graph, micros, type Sink } from '@sluice/core';
import { fromWavFile, mixer } from '@sluice/nodes';
import { asset } from '../room.ts';

/** Two voices one after the other over music, which steps back while somebody speaks. */
export function buildDesk<R>(show: Graph, sink: Sink<AudioFrame, R>, seconds = 12): void {
  const greeting = asset('greeting.wav');
  const desk = show.add(mixer({ sampleRate: 48_000, channels: 2 }));
  show.group('voices', (voices) => {
    voices
      .from(fromWavFile(greeting, { end: 3.7 }), { name: 'first' })
      .to(desk.input('first', { startAt: micros(1_500_000) }));
    voices
      .from(fromWavFile(greeting, { start: 3.7 }), { name: 'second' })
      .to(desk.input('second', { startAt: micros(5_700_000), gainDb: -2 }));
  });
  show
    .from(fromWavFile(asset('music.wav'), { loop: Math.ceil(seconds / 5) }), { name: 'music' })
    .to(desk.input('music', { gainDb: -6, duck: { under: ['first', 'second'], db: -16 } }));
  desk.out.out.to(sink);
}
