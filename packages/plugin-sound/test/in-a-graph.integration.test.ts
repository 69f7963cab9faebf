import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graph } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import {
  agc,
  compressor,
  equalizer,
  type LoudnessReading,
  loudness,
  timeStretch,
  toWaveformPicture,
} from '@sluice/plugin-sound';
import { from } from 'rxjs';
import { expect, it } from 'vitest';
import { framesOf, speechLike } from './signals.ts';

it('all of them run one after the other in a graph', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-sound-'));
  try {
    const bot = graph('studio', { clock: new VirtualClock() });
    let last: LoudnessReading | undefined;
    const picture = toWaveformPicture(join(folder, 'studio.png'));
    bot
      .from(from(framesOf(speechLike(16_000, 6), 16_000, [320])))
      .pipe(equalizer({ bands: [{ type: 'high-pass', frequency: 80 }] }))
      .pipe(compressor({ lookaheadMs: 5 }))
      .pipe(agc({ targetLufs: -18 }))
      .pipe(timeStretch({ rate: 2 }))
      .pipe(loudness({ onLoudness: (reading) => (last = reading) }))
      .to(picture);
    await bot.run();
    expect((await picture.finished).duration).toBe(3_000_000);
    expect(last!.timestamp).toBe(3_000_000);
    expect(Math.abs(last!.integrated + 18)).toBeLessThan(3);
    expect(existsSync(join(folder, 'studio.png'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
