import { concat } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { film, Player, picture, type Shown, screen, talk } from '../../test/sync-fixtures.ts';
import {
  type AudioFrame,
  CreditContext,
  createOperator,
  type Frame,
  type Graph,
  graph,
  NODE,
  type Sink,
  type Source,
  syncGroup,
  type VideoFrame,
  withContext,
} from '../index.ts';
import { ActorDouble, type FrameTracker, probeSource, trackFrames, VirtualClock } from '../testing/index.ts';

/** Media time in milliseconds that a player played at a clock time. */
function heardAt(player: Player, at: number): number {
  const slice = player.played.findLast((one) => one.at <= at + 0.001);
  return slice === undefined ? Number.NaN : slice.ms + Math.min(at - slice.at, 10);
}

const latenesses = (player: Player, shown: readonly Shown[]) =>
  shown.map(({ ms, at }) => Math.abs(heardAt(player, at) - ms));

/** A stage that takes its time for each picture, one after the other. */
const slowly = (ms: () => number) =>
  createOperator<VideoFrame, VideoFrame>({ name: 'slowly' }, (destination, context) => {
    let busy = false;
    let ended = false;
    return {
      next(frame) {
        const release = context.hold();
        busy = true;
        context.clock.at(context.clock.now() + ms(), () => {
          busy = false;
          destination.next(frame);
          if (ended) destination.complete();
          release();
        });
      },
      complete() {
        ended = true;
        if (!busy) destination.complete();
      },
    };
  });

describe('a sync group', () => {
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

  const run = async (ms = 60_000) => {
    const over = bot.run();
    await clock.advance(ms);
    await over;
  };

  it('shows each picture when the master plays its time', async () => {
    const lips = syncGroup();
    const player = new Player(clock, { delayMs: 73 });
    const video = screen();
    bot.from(talk(2_000)).to(lips.master(player.sink));
    bot.from(film(50)).to(lips.follow(video));
    await run();
    expect(video.shown.map(({ ms }) => ms)).toEqual(Array.from({ length: 50 }, (_, index) => index * 40));
    // The first picture stands there until the player begins.
    expect(video.shown[0]!.at).toBe(0);
    expect(Math.max(...latenesses(player, video.shown.slice(1)))).toBeLessThanOrEqual(1);
    expect(lips.statistics()).toMatchObject({ shown: 50, dropped: 0, repeated: 0, reanchored: 0, stalls: 0 });
    expect(lips.statistics().skewMs.max).toBeLessThanOrEqual(1);
    expect(lips.statistics().members).toMatchObject([
      { name: 'player', role: 'master', status: 'ended', shown: 100, queued: 0 },
      { name: 'screen', role: 'follower', status: 'ended', shown: 50 },
    ]);
  });

  it('starts nobody before everybody has prerolled', async () => {
    const lips = syncGroup({ startDelayMs: 100 });
    const player = new Player(clock);
    const video = screen();
    const late = probeSource<ReturnType<typeof picture>>({ live: false });
    bot.from(talk(1_000)).to(lips.master(player.sink));
    bot.from(late.source).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(500);
    expect(player.played).toEqual([]);
    expect(lips.statistics().positionMs).toBeUndefined();
    late.push(picture(0), picture(40_000));
    late.complete();
    await clock.advance(99);
    expect(player.played).toEqual([]);
    await clock.advance(5_000);
    await over;
    expect(player.played[0]!.at).toBeCloseTo(600);
    expect(video.shown.map(({ at }) => Math.round(at))).toEqual([600, 640]);
  });

  it('keeps unlike first timestamps apart, or puts the first frames together', async () => {
    for (const [align, expected] of [
      ['timestamps', { heard: 500, shown: 0 }],
      ['first-frames', { heard: 0, shown: 0 }],
    ] as const) {
      clock = new VirtualClock();
      bot = graph('lips', { clock });
      const lips = syncGroup({ align });
      const player = new Player(clock);
      const video = screen();
      bot.from(talk(1_000, 2_500)).to(lips.master(player.sink));
      bot.from(film(25, { startMs: 2_000 })).to(lips.follow(video));
      await run();
      expect(player.played[0]!.at).toBeCloseTo(expected.heard);
      expect(video.shown[0]!.at).toBeCloseTo(expected.shown);
      expect(video.shown).toHaveLength(25);
    }
  });

  it('follows a master that runs 0.1 % fast for ten minutes, and nothing queues', async () => {
    const lips = syncGroup();
    const player = new Player(clock, { speed: 1.001 });
    const video = screen();
    let most = 0;
    bot.from(talk(600_000)).to(lips.master(player.sink));
    bot.from(film(600, { fps: 1 })).to(lips.follow(video, { maxHeld: 3 }));
    const over = bot.run();
    for (let minute = 0; minute < 10; minute++) {
      await clock.advance(60_000);
      most = Math.max(most, ...lips.statistics().members.map(({ queued }) => queued));
    }
    await over;
    expect(most).toBeLessThanOrEqual(3);
    expect(video.shown).toHaveLength(600);
    expect(video.shown.at(-1)!.at).toBeCloseTo(599_000 / 1.001, -1);
    expect(lips.statistics().skewMs.max).toBeLessThanOrEqual(2);
  });

  it('holds the pictures while the master stalls for 200 ms, and meets it again', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(2_000)).to(lips.master(player.sink));
    bot.from(film(50)).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(1_005);
    player.stalled = true;
    await clock.advance(20);
    const before = video.shown.length;
    expect(before).toBeLessThanOrEqual(27);
    await clock.advance(180);
    expect(video.shown).toHaveLength(before);
    player.stalled = false;
    await clock.advance(5_000);
    await over;
    expect(video.shown).toHaveLength(50);
    expect(Math.max(...latenesses(player, video.shown))).toBeLessThanOrEqual(6);
    expect(lips.statistics().stalls).toBe(0);
  });

  it('goes on by the clock when the stall lasts, and returns to the master', async () => {
    const lips = syncGroup({ maxStallMs: 400 });
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(4_000)).to(lips.master(player.sink));
    bot.from(film(100)).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(1_000);
    player.stalled = true;
    await clock.advance(1_000);
    expect(video.shown.at(-1)!.ms).toBeGreaterThan(1_500);
    expect(video.shown.at(-1)!.ms).toBeLessThan(1_650);
    player.stalled = false;
    await clock.advance(10_000);
    await over;
    expect(lips.statistics()).toMatchObject({ stalls: 1, reanchored: 1, shown: 100 });
    expect(video.shown.map(({ ms }) => ms)).toEqual([...video.shown.map(({ ms }) => ms)].sort((a, b) => a - b));
    expect(Math.max(...latenesses(player, video.shown.slice(-20)))).toBeLessThanOrEqual(1);
  });

  it('begins anew after an interruption: queues are emptied, all start together again', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(4_000)).to(lips.master(player.sink));
    bot.from(film(100)).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(1_010);
    const before = video.shown.length;
    const report = await bot.interrupt();
    await clock.advance(0);
    expect(report.droppedMs).toBeGreaterThan(0);
    await clock.advance(10_000);
    await over;
    const after = video.shown.slice(before);
    expect(after[0]!.ms).toBeGreaterThan(1_100);
    expect(after.every(({ frame }) => frame.epoch === report.epoch)).toBe(true);
    const together = after.filter(({ at }) => heardAt(player, at) > after[0]!.ms && heardAt(player, at) < 3_990);
    expect(together.length).toBeGreaterThan(50);
    expect(Math.max(...latenesses(player, together))).toBeLessThanOrEqual(1);
    expect(lips.statistics().reanchored).toBe(1);
    expect(lips.statistics().dropped).toBe(0);
  });

  it('lets a follower fall in again when only it is interrupted', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(3_000)).to(lips.master(player.sink));
    const node = bot.from(film(75)).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(1_010);
    await bot.interrupt({ scope: [node] });
    await clock.advance(10_000);
    await over;
    expect(player.played).toHaveLength(300);
    expect(lips.statistics()).toMatchObject({ reanchored: 0 });
    expect(Math.max(...latenesses(player, video.shown))).toBeLessThanOrEqual(1);
  });

  it('drops pictures that come too late, tells their gap, and says when all of them do', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    const live = probeSource<ReturnType<typeof picture>>();
    bot.from(talk(4_000)).to(lips.master(player.sink));
    bot.from(live.source).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(1);
    live.push(picture(0, 40_000));
    await clock.advance(500);
    for (let index = 5; index < 20; index++) {
      live.push(picture(index * 40_000, 40_000));
      await clock.advance(100);
    }
    // One each half second, so that nobody looks at a picture that stands.
    expect(video.shown.map(({ at }) => Math.round(at))).toEqual([1, 501, 1_001, 1_501]);
    expect(bot.inspect().problems.join()).toContain('come too late');
    live.push(picture(2_500_000, 40_000));
    live.complete();
    await clock.advance(10_000);
    await over;
    expect(video.shown.map(({ ms }) => ms)).toEqual([0, 200, 400, 600, 2_500]);
    expect(video.shown[2]!.frame.gap).toEqual({ duration: 4 * 40_000, reason: 'starved' });
    expect(video.shown[4]!.frame.gap).toEqual({ duration: 4 * 40_000, reason: 'starved' });
    expect(lips.statistics()).toMatchObject({ shown: 5, dropped: 12 });
  });

  for (const stageMs of [36, 45, 150, 300])
    it(`never freezes behind a stage of ${stageMs} ms, and is in step again when the stage is fast again`, async () => {
      const lips = syncGroup();
      const player = new Player(clock);
      const video = screen();
      let taken = 0;
      const stage = slowly(() => (taken++ * stageMs < 5_000 ? stageMs : 5));
      bot.from(talk(10_000)).to(lips.master(player.sink));
      bot
        .from(film(300, { fps: 30 }))
        .pipe(stage)
        .to(lips.follow(video));
      await run();
      expect(player.played).toHaveLength(1_000);
      const times = [0, ...video.shown.map(({ at }) => at), 10_000];
      const pauses = times.slice(1).map((at, index) => at - times[index]!);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(501);
      const order = video.shown.map(({ ms }) => ms);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      const inStep = video.shown.filter(({ at }) => at > 8_000);
      expect(inStep.length).toBeGreaterThan(55);
      expect(Math.max(...latenesses(player, inStep))).toBeLessThanOrEqual(1);
      expect(lips.statistics().shown + lips.statistics().dropped).toBe(300);
    });

  it('does not let what is shown again freeze either, and time never goes back there', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    const stage = slowly(() => 50);
    bot.from(talk(4_000)).to(lips.master(player.sink));
    bot
      .from(film(120, { fps: 30 }))
      .pipe(stage)
      .to(lips.follow(video, { repeatMs: 40 }));
    await run();
    const { shown, repeated } = lips.statistics();
    expect(shown).toBeGreaterThan(8);
    expect(repeated).toBeGreaterThan(50);
    const order = video.shown.map(({ ms }) => ms);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('starts without a silent member after a while, and names it', async () => {
    const lips = syncGroup({ maxStartWaitMs: 700 });
    const player = new Player(clock);
    const video = screen();
    const silent = probeSource<AudioFrame>();
    bot.from(silent.source).to(lips.master(player.sink));
    bot.from(film(25)).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(690);
    expect(video.shown).toEqual([]);
    await clock.advance(3_000);
    expect(video.shown).toHaveLength(25);
    expect(video.shown[0]!.at).toBe(700);
    expect(bot.inspect().problems.join()).toContain('`player` reported a fault: a sync group started');
    silent.complete();
    await over;
  });

  it('finishes by the clock when the master has ended', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(1_000)).to(lips.master(player.sink));
    bot.from(film(75)).to(lips.follow(video));
    await run();
    expect(video.shown).toHaveLength(75);
    const gaps = video.shown.slice(1).map(({ at }, index) => at - video.shown[index]!.at);
    expect(Math.min(...gaps)).toBeGreaterThan(35);
    expect(Math.max(...gaps)).toBeLessThan(45);
  });

  it('lets the master finish when the pictures have ended, and starts without pictures at all', async () => {
    for (const count of [5, 0]) {
      clock = new VirtualClock();
      bot = graph('lips', { clock });
      const lips = syncGroup();
      const player = new Player(clock);
      const video = screen();
      bot.from(talk(1_000)).to(lips.master(player.sink));
      bot.from(film(count)).to(lips.follow(video));
      await run();
      expect(player.played).toHaveLength(100);
      expect(video.shown).toHaveLength(count);
    }
  });

  it('goes on by the clock when the master fails', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    const source = probeSource<AudioFrame>({ live: false });
    bot.from(source.source, { onError: 'stop' }).with({ onError: 'stop' }).to(lips.master(player.sink));
    bot.from(film(50)).to(lips.follow(video));
    const over = bot.run();
    talkInto(source, 500);
    await clock.advance(200);
    source.fail(new Error('broken'));
    await clock.advance(10_000);
    await over;
    expect(video.shown).toHaveLength(50);
    expect(video.shown.at(-1)!.at).toBeGreaterThan(1_950);
    expect(lips.statistics().members[0]).toMatchObject({ role: 'master', status: 'ended' });
  });

  it('goes on when a follower fails: its failure is its own', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const broken = screen('broken');
    const other = screen('other');
    broken.shown.push = () => {
      throw new Error('no screen');
    };
    bot.from(talk(1_000)).to(lips.master(player.sink));
    bot.from(film(25)).with({ onError: 'stop' }).to(lips.follow(broken));
    bot.from(film(25)).to(lips.follow(other));
    await run();
    expect(player.played).toHaveLength(100);
    expect(other.shown).toHaveLength(25);
    const ids = bot.inspect().nodes.filter(({ state }) => state === 'stopped');
    expect(ids.map(({ id }) => id)).toContain('broken');
  });

  it('takes pictures of another size in between', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    const source = probeSource<ReturnType<typeof picture>>({ live: false });
    bot.from(talk(200)).to(lips.master(player.sink));
    bot.from(source.source).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(0);
    source.push(picture(0), picture(40_000, 0, 2), picture(80_000));
    source.complete();
    await clock.advance(1_000);
    await over;
    expect(video.shown.map(({ frame }) => frame.width)).toEqual([1, 2, 1]);
  });

  it('runs by the clock without a master, for several followers', async () => {
    const lips = syncGroup();
    const left = screen('left');
    const right = screen('right');
    bot.from(film(25)).to(lips.follow(left));
    bot.from(film(30, { fps: 30 })).to(lips.follow(right, { offsetMs: -10 }));
    await run();
    expect(left.shown.map(({ at }) => at)).toEqual(left.shown.map(({ ms }) => ms + 10));
    expect(right.shown).toHaveLength(30);
    expect(right.shown[0]!.at).toBe(0);
    expect(lips.statistics().members.map(({ role }) => role)).toEqual(['follower', 'follower']);
  });

  it('keeps several players together, the first of which leads', async () => {
    const lips = syncGroup();
    const voice = new Player(clock, { name: 'voice', delayMs: 60 });
    const music = new Player(clock, { name: 'music', delayMs: 60 });
    bot.from(talk(4_000)).to(lips.follow(voice.sink));
    bot.from(talk(4_000)).to(lips.follow(music.sink));
    const over = bot.run();
    await clock.advance(1_000);
    expect(lips.statistics().members.map(({ role }) => role)).toEqual(['master', 'follower']);
    voice.stalled = true;
    await clock.advance(300);
    voice.stalled = false;
    await clock.advance(1_200);
    expect(Math.abs(heardAt(voice, clock.now()) - heardAt(music, clock.now()))).toBeLessThanOrEqual(40);
    music.stalled = true;
    await clock.advance(300);
    music.stalled = false;
    await clock.advance(900);
    expect(Math.abs(heardAt(voice, clock.now()) - heardAt(music, clock.now()))).toBeLessThanOrEqual(40);
    await clock.advance(10_000);
    await over;
    expect(voice.played).toHaveLength(400);
    expect(lips.statistics().members[1]!.dropped).toBeGreaterThan(10);
  });

  it('shows the last picture again for a sink that needs a steady rate', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(400)).to(lips.master(player.sink));
    bot.from(film(3, { fps: 5 })).to(lips.follow(video, { repeatMs: 50 }));
    await run();
    expect(video.shown.map(({ ms }) => ms)).toEqual([0, 50, 100, 150, 200, 250, 300, 350, 400]);
    expect(lips.statistics()).toMatchObject({ shown: 3, repeated: 6 });
  });

  it('works without a graph, and holds a source back there too', async () => {
    const lips = syncGroup();
    const video = screen();
    const source = film(100);
    const sink = lips.follow(video, { maxHeld: 3 });
    const context = new CreditContext(new ActorDouble({ clock }), { limit: 3 });
    sink[NODE].attach(context);
    withContext(context, () => source.subscribe(sink));
    await clock.advance(400);
    expect(video.shown).toHaveLength(11);
    expect(source.reads).toBe(14);
    await clock.advance(4_000);
    await sink.finished;
    expect(video.shown).toHaveLength(100);
    expect(lips.statistics().dropped).toBe(0);
  });

  it('drops the oldest pictures of a source that cannot be held back', async () => {
    const lips = syncGroup();
    const video = screen();
    const { double, sink } = attached(lips.follow(video, { maxHeld: 2 }), 'screen');
    for (const ms of [0, 40, 80, 120, 160]) sink.next(picture(ms * 1_000));
    sink.complete();
    await clock.advance(500);
    await sink.finished;
    expect(video.shown.map(({ ms }) => ms)).toEqual([0, 120, 160]);
    expect(video.shown[1]!.frame.gap).toEqual({ duration: 80_000, reason: 'overflow' });
    expect(lips.statistics()).toMatchObject({ shown: 3, dropped: 2 });
    double.assertIdle();
  });

  it('reports a late start and late pictures as faults with a code', async () => {
    const lips = syncGroup({ maxStartWaitMs: 300 });
    const silent = attached(lips.follow(screen()), 'silent');
    const late = attached(lips.follow(screen()), 'late');
    late.sink.next(picture(0, 40_000));
    await clock.advance(500);
    for (let index = 0; index < 40; index++) {
      late.sink.next(picture(index * 40_000, 40_000));
      await clock.advance(40);
    }
    expect(silent.double.reports).toEqual([expect.objectContaining({ code: 'SLUICE_SYNC_START', nodeId: 'silent' })]);
    expect(late.double.reports).toEqual([expect.objectContaining({ code: 'SLUICE_SYNC_LATE', nodeId: 'late' })]);
    for (const { double, sink } of [silent, late]) {
      sink.complete();
      await sink.finished;
      double.assertIdle();
    }
  });

  it('goes on where it was when the timestamps of a follower go back', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    bot.from(talk(2_000)).to(lips.master(player.sink));
    bot.from(concat(film(25), film(25))).to(lips.follow(video, { repeatMs: 30 }));
    await run();
    const { shown, dropped, repeated } = lips.statistics();
    expect({ shown, dropped, repeated }).toEqual({ shown: 50, dropped: 0, repeated: 49 });
    const heard = video.shown.map(({ at }) => heardAt(player, at));
    const expected = video.shown.map(({ ms }, index) => ms + (index < 50 ? 0 : 1_000));
    expect(heard.every((ms, index) => Math.abs(ms - expected[index]!) <= 1)).toBe(true);
  });

  it('goes on when the timestamps of the master go back, and drops one picture that is out of order', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const video = screen();
    const source = probeSource<ReturnType<typeof picture>>({ live: false });
    bot.from(concat(talk(1_000), talk(1_000))).to(lips.master(player.sink));
    bot.from(source.source).to(lips.follow(video));
    const over = bot.run();
    await clock.advance(0);
    source.push(...[0, 40, 80, 60, 120, 900, 1_100, 1_900].map((ms) => picture(ms * 1_000, 40_000)));
    source.complete();
    await clock.advance(5_000);
    await over;
    expect(video.shown.map(({ ms }) => ms)).toEqual([0, 40, 80, 120, 900, 1_100, 1_900]);
    expect(video.shown.map(({ at }) => Math.round(at / 10) * 10)).toEqual([0, 40, 80, 120, 900, 1_100, 1_900]);
    expect(lips.statistics()).toMatchObject({ dropped: 1, reanchored: 0, stalls: 0 });
  });

  it('lets a member leave and another come while it runs', async () => {
    const lips = syncGroup();
    const player = new Player(clock);
    const first = screen('first');
    const second = screen('second');
    bot.from(talk(3_000)).to(lips.master(player.sink));
    const leaves = bot.from(film(75)).to(lips.follow(first));
    const over = bot.run();
    await clock.advance(1_010);
    await bot.change((edit) => {
      edit.remove(leaves, { drain: false });
      edit.from(film(50, { startMs: 1_000 })).to(lips.follow(second));
    });
    await clock.advance(10_000);
    await over;
    expect(player.played).toHaveLength(300);
    expect(first.shown).toHaveLength(26);
    expect(second.shown.length).toBeGreaterThan(48);
    expect(Math.max(...latenesses(player, [...first.shown, ...second.shown]))).toBeLessThanOrEqual(41);
    expect(lips.statistics().members.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'player ended',
      'first ended',
      'second ended',
    ]);
  });

  /** A sink in an actor of its own, outside a graph. */
  function attached<F extends Frame, R>(sink: Sink<F, R>, name: string) {
    const double = new ActorDouble({ clock, name });
    sink[NODE].attach(double);
    return { double, sink };
  }

  it('is refused what makes no sense', () => {
    const lips = syncGroup();
    const named = (value: unknown) => expect.objectContaining({ message: expect.stringContaining(String(value)) });
    expect(() => syncGroup({ align: 'ends' as never })).toThrow(TypeError);
    expect(() => syncGroup({ maxStartWaitMs: -1 })).toThrow(RangeError);
    expect(() => lips.master(screen())).toThrow(named('playout position'));
    expect(() => lips.follow({} as never)).toThrow(TypeError);
    expect(() => lips.follow(screen(), { maxHeld: 0.5 })).toThrow(TypeError);
    expect(() => lips.follow(screen(), { maxHeld: 0 })).toThrow(RangeError);
    expect(() => lips.follow(screen(), { offsetMs: Number.NaN })).toThrow(TypeError);
    expect(() => lips.follow(screen(), { repeatMs: 0 })).toThrow(RangeError);
    lips.master(new Player(clock).sink);
    expect(() => lips.master(new Player(clock).sink)).toThrow(
      expect.objectContaining({ code: 'SLUICE_GRAPH_INVALID' }),
    );
  });
});

function talkInto(source: { push(frame: AudioFrame): void }, durationMs: number): void {
  (talk(durationMs) as Source<AudioFrame>).subscribe((frame) => source.push(frame));
}
