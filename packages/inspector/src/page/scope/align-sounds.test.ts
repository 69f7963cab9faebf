import { describe, expect, it } from 'vitest';
import type { MediaPacket } from '../../protocol/media-packet.ts';
import { alignSounds } from './align-sounds.ts';
import { KeptSound } from './kept-sound.ts';

/** Ten or less seconds of a sound by media time, as packets of 50 ms, of a link that somebody began to look at late. */
function kept(rate: number, soundAt: (seconds: number) => number, from = 0, seconds = 1.5): KeptSound {
  const sound = new KeptSound();
  for (let packet = Math.round(20 * from); packet < 20 * (from + seconds); packet++) {
    const samples = Int16Array.from({ length: rate / 20 }, (_, index) => 32_000 * soundAt(packet / 20 + index / rate));
    const payload = new Uint8Array(samples.buffer);
    sound.take({ kind: 'sound', rate, channels: 1, timestamp: 50_000 * packet, payload } as MediaPacket);
  }
  return sound;
}
/** Words of which none is like another: a tone whose height and loudness wander. */
const speech = (t: number) =>
  0.5 * Math.sin(2 * Math.PI * (300 * t + 20 * Math.sin(7 * t * t))) * Math.sin(2.3 * t) ** 2;
const later = (ms: number) => (t: number) => -0.3 * speech(t - ms / 1_000);

describe('the sounds of two links', () => {
  it('are aligned at any rate, however loud and whichever way up, wherever each begins', () => {
    for (const ms of [20, -135.5]) {
      const found = alignSounds(kept(48_000, speech), kept(16_000, later(ms), 0.2));
      expect(found?.ms).toBeCloseTo(ms, 0);
      expect(found?.likeness).toBeGreaterThan(0.9);
    }
  });

  it('are taken for nearest where they fit in each period', () => {
    const tone = (t: number) => Math.sin(2 * Math.PI * 100 * t);
    expect(
      alignSounds(
        kept(8_000, tone),
        kept(8_000, (t) => tone(t - 0.002)),
      )?.ms,
    ).toBeCloseTo(2, 0);
  });

  it('are told to be unlike, or silent', () => {
    const noise = (t: number) => 0.5 * Math.sin(1e5 * t * t);
    expect(alignSounds(kept(16_000, speech), kept(16_000, noise))).toBeUndefined();
    expect(
      alignSounds(
        kept(16_000, speech),
        kept(16_000, () => 0),
      ),
    ).toBeUndefined();
    expect(alignSounds(kept(16_000, speech), new KeptSound())).toBeUndefined();
  });
});
