import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { film, Player, screen, talk } from '../../test/sync-fixtures.ts';
import { type AudioFrame, type Graph, graph, syncGroup } from '../index.ts';
import { type FrameTracker, trackFrames, VirtualClock } from '../testing/index.ts';

describe('a sync group that is paused', () => {
  let clock: VirtualClock;
  let frames: FrameTracker;
  let bot: Graph;

  beforeEach(() => {
    clock = new VirtualClock();
    frames = trackFrames({ stacks: true });
    bot = graph('lips', { clock });
  });
  afterEach(() => {
    frames.stop();
    frames.assertNone();
  });

  const everyPicture = Array.from({ length: 50 }, (_, index) => index * 40);

  it.each(['player', undefined])('stands still with its master (scope: %s), and loses no picture', async (scope) => {
    const lips = syncGroup({ maxStallMs: 100 });
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(2_000)).to(lips.master(player.sink));
    bot.from(film(50)).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(1_010);
    await bot.pause(scope === undefined ? {} : { scope });
    const shown = video.shown.length;
    const { positionMs } = lips.statistics();
    await clock.advance(5_000);
    expect(video.shown).toHaveLength(shown);
    const standing = lips.statistics().positionMs!;
    expect(standing - positionMs!).toBeLessThanOrEqual(10);
    await clock.advance(1_000);
    expect(lips.statistics().positionMs).toBe(standing);
    bot.resume();
    await clock.advance(10_000);
    await over;
    expect(video.shown.map(({ ms }) => ms)).toEqual(everyPicture);
    expect(player.played).toHaveLength(200);
    expect(lips.statistics()).toMatchObject({ dropped: 0, stalls: 0, reanchored: 0 });
    expect(lips.statistics().skewMs.max).toBeLessThanOrEqual(11);
  });

  it('stands still without a master too, when all of it is paused', async () => {
    const lips = syncGroup();
    const left = screen('left');
    const right = screen('right');
    bot.from(film(50)).to(lips.follow(left));
    bot.from(film(50)).to(lips.follow(right));
    const over = bot.run();
    await clock.advance(1_010);
    await bot.pause();
    await clock.advance(5_000);
    expect(left.shown).toHaveLength(26);
    bot.resume();
    await clock.advance(10_000);
    await over;
    for (const { shown } of [left, right]) {
      expect(shown.map(({ ms }) => ms)).toEqual(everyPicture);
      expect(shown.map(({ at }) => Math.round(at / 10) * 10)).toEqual(
        everyPicture.map((ms) => (ms > 1_010 ? ms + 5_000 : ms)),
      );
    }
    expect(lips.statistics()).toMatchObject({ dropped: 0, reanchored: 0 });
  });

  it('goes on without a follower that is paused, which falls in again', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(2_000)).to(lips.master(player.sink));
    bot.from(film(50)).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(1_010);
    await bot.pause({ scope: 'screen' });
    await clock.advance(500);
    expect(video.shown).toHaveLength(26);
    expect(player.played.length).toBeGreaterThan(140);
    bot.resume();
    await clock.advance(10_000);
    await over;
    const missing = everyPicture.filter((ms) => !video.shown.some((one) => one.ms === ms));
    expect(Math.min(...missing)).toBeGreaterThan(1_000);
    expect(Math.max(...missing)).toBeLessThan(1_520);
    expect(lips.statistics().dropped).toBe(missing.length);
  });

  it('neither starts nor complains while it waits for whoever is paused', async () => {
    const lips = syncGroup({ maxStartWaitMs: 1_000 });
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(400)).to(lips.master(player.sink));
    bot.from(film(10)).to(lips.follow(video));
    await bot.pause({ scope: 'player' });
    const over = bot.run();
    await clock.advance(5_000);
    expect(video.shown).toEqual([]);
    bot.resume();
    await clock.advance(1_000);
    await over;
    expect(video.shown.map(({ at }) => Math.round(at / 10) * 10)).toEqual(
      everyPicture.slice(0, 10).map((ms) => ms + 5_000),
    );
    expect(bot.inspect().nodes.every(({ errors }) => errors === 0)).toBe(true);
  });

  it('does not count the time of a pause as waiting for the first frame of another', async () => {
    const lips = syncGroup({ maxStartWaitMs: 1_000 });
    const player = new Player(clock);
    const voice = new Subject<AudioFrame>();
    bot.from(voice).to(lips.master(player.sink));
    bot.from(film(10)).to(lips.follow(screen()));
    const over = bot.run();
    await clock.advance(500);
    await bot.pause();
    await clock.advance(5_000);
    bot.resume();
    await clock.advance(500);
    talk(400).subscribe(voice);
    await clock.advance(2_000);
    await over;
    expect(bot.inspect().nodes.every(({ errors }) => errors === 0)).toBe(true);
  });

  it('begins together again after an interruption that came meanwhile', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(4_000)).to(lips.master(player.sink));
    bot.from(film(100)).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(1_000);
    await bot.pause();
    await clock.advance(1_000);
    await bot.interrupt();
    await clock.advance(1_000);
    const shown = video.shown.length;
    bot.resume();
    await clock.advance(1_000);
    const next = video.shown[shown]!;
    expect(next.at).toBeGreaterThanOrEqual(3_000);
    const heard = player.played.find(({ at }) => at >= 3_000)!;
    expect(Math.abs(next.ms - next.at - (heard.ms - heard.at))).toBeLessThanOrEqual(50);
    await clock.advance(10_000);
    await over;
  });

  it('goes on when a paused master leaves', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    const voice = bot.from(talk(2_000)).to(lips.master(player.sink));
    bot.from(film(50)).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(1_010);
    await bot.pause({ scope: [voice] });
    await clock.advance(2_000);
    await bot.change((edit) => edit.remove(voice, { drain: false }));
    await clock.advance(10_000);
    await over;
    expect(video.shown.map(({ ms }) => ms)).toEqual(everyPicture);
    expect(video.shown.at(-1)!.at).toBeLessThan(4_100);
  });
});
