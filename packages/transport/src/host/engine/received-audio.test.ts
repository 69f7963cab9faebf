import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { ReceivedAudio } from './received-track.ts';

/** A track of which the newest packet came at `newest`, with a sink that is given slices by hand. */
function received() {
  const engine = { newest: 1_000, asked: 0, hear: (_: Int16Array) => {} };
  const receiver = {
    track: { kind: 'audio' },
    getSynchronizationSources: () => {
      engine.asked++;
      return [{ timestamp: engine.newest }];
    },
  };
  class RTCAudioSink {
    set ondata(take: ((data: object) => void) | null) {
      engine.hear = (samples) => take?.({ samples, sampleRate: 48_000, channelCount: 1 });
    }
    stop() {}
  }
  const track = new ReceivedAudio(
    '0',
    receiver as never,
    { wrtc: { nonstandard: { RTCAudioSink } }, clock: new VirtualClock() } as never,
    () => {},
  );
  const look = (slices: number, sample: number) => {
    engine.newest += 10 * slices;
    for (let slice = 0; slice < slices; slice++) engine.hear(new Int16Array(480).fill(sample));
    return track.takeReceived();
  };
  return { engine, track, look };
}

test('packets of a track that sounds are counted by its sound, of a silent one by the engine', () => {
  const { engine, track, look } = received();
  track.receive(true);
  expect([look(25, 100), look(24, -3)]).toEqual([13, 12]);
  expect(engine.asked).toBe(0);
  for (const silence of [0, 2, -2]) look(25, silence);
  expect(engine.asked).toBe(3);
});

test('a track that nobody reads, and one whose slices end, are asked for', () => {
  const { engine, track, look } = received();
  look(25, 100);
  expect(engine.asked).toBe(1);
  track.receive(true);
  look(25, 100);
  expect(engine.asked).toBe(1);
  expect(track.takeReceived()).toBe(0);
  expect(engine.asked).toBe(2);
  look(25, 100);
  track.receive(false);
  expect(track.takeReceived()).toBe(0);
  expect(engine.asked).toBe(3);
});
