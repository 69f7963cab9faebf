import { join } from 'node:path';
import { fromSyncBeeps, fromTestPattern, readTestPattern, toWavFile, toY4mFile } from '@sluice/nodes';
import { SkewMeter } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

/** Beeps and the flashes to them: `beeps.wav` and `beeps.y4m`. */
async function makeFilm(duration: number): Promise<string> {
  const sound = join(smoke.directory, 'beeps.wav');
  const film = toY4mFile(join(smoke.directory, 'beeps.y4m'));
  const wav = toWavFile(sound);
  fromSyncBeeps({ duration }).subscribe(wav);
  fromTestPattern({ width: 320, height: 180, frameRate: 25, duration }).subscribe(film);
  await Promise.all([wav.finished, film.finished]);
  return sound;
}

/** Compares what the player who comes is seen and heard to do. */
function watch(): SkewMeter {
  const meter = new SkewMeter();
  smoke.peer.once('participant-joined', ({ participant }) => {
    meter.watch(smoke.peer, participant.id, readTestPattern);
  });
  return meter;
}

it('shows a film with its sound', async () => {
  const sound = await makeFilm(8);
  const meter = watch();
  const run = smoke.start('15-media-player', sound);
  expect(await run.ended(), run.said).toBe(0);
  expect(run.said).toMatch(/\d+ pictures, \d+ dropped; skew p50/);
  const { flashes } = meter.report(3);
  expect(flashes.length).toBeGreaterThanOrEqual(4);
  const [skew] = [...flashes].sort((a, b) => a - b).slice(Math.floor(flashes.length / 2));
  expect(Math.abs(skew!)).toBeLessThanOrEqual(100);
});

it('shows slides where there is no film', async () => {
  let seen = 0;
  smoke.peer.once('participant-joined', ({ participant: { id } }) =>
    smoke.peer.setVideoRenderer(id, (_, frame) => {
      seen++;
      frame.close();
    }),
  );
  const heard = smoke.hear();
  const run = smoke.start('15-media-player', '--seconds', '3');
  expect(await run.ended(), run.said).toBe(0);
  expect(seen).toBeGreaterThan(10);
  expect(heard.trimmed().length).toBeGreaterThan(heard.sampleRate);
});
