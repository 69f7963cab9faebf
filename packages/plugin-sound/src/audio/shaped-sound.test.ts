import { type AudioFrame, micros, withContext } from '@sluice/core';
import { ActorDouble } from '@sluice/core/testing';
import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { framesOf, joined, speechLike } from '../../test/signals.ts';
import { agc } from './agc.ts';
import { compressor } from './compressor.ts';
import { equalizer } from './equalizer.ts';

const rate = 16_000;

describe('what shapes sound', () => {
  it.each([
    ['agc', () => agc({ raiseDbPerSecond: 1_000 })],
    ['compressor', () => compressor({ makeupDb: 1 })],
    ['compressor with lookahead', () => compressor({ lookaheadMs: 5 })],
    ['equalizer', () => equalizer({ bands: [{ type: 'high-pass', frequency: 80 }] })],
  ])('%s uses the memory of closed frames again', (_, make) => {
    const arrays = new Set<Int16Array>();
    const given = framesOf(speechLike(rate, 2), rate, [320]).slice(20);
    const untouched = new Set(given.map(({ samples }) => samples));
    from(given)
      .pipe(make())
      .subscribe((frame) => {
        if (!untouched.has(frame.samples)) arrays.add(frame.samples);
        frame.close();
      });
    // One for what leaves; at first less leaves, and the tail is short.
    expect(arrays.size).toBeGreaterThan(0);
    expect(arrays.size).toBeLessThanOrEqual(3);
  });

  it('gives what it keeps when a live stream pauses, and goes on behind it', async () => {
    const actor = new ActorDouble();
    const source = new Subject<AudioFrame>();
    const seen: AudioFrame[] = [];
    const ahead = compressor({ lookaheadMs: 10, makeupDb: 6 });
    withContext(actor, () => source.pipe(ahead).subscribe((frame) => seen.push(frame)));
    const [first, second] = framesOf(speechLike(rate, 0.04), rate, [320]);
    source.next(first!);
    expect(joined(seen)).toHaveLength(160);
    await actor.clock.advance(200);
    expect(joined(seen)).toHaveLength(320);
    source.next(second!.move({ timestamp: micros(500_000), utterance: 'later' }));
    source.complete();
    expect(joined(seen)).toHaveLength(640);
    expect(seen.map(({ timestamp }) => timestamp)).toEqual([0, 10_000, 500_000, 510_000]);
    expect(seen.map(({ utterance }) => utterance)).toEqual([undefined, undefined, 'later', 'later']);
  });
});
