import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collect, numbered, numberOf, numbers, range, ticking } from '../../test/graph-fixtures.ts';
import {
  type AudioFrame,
  audioPort,
  createOperator,
  createSink,
  defineNode,
  graph,
  type Interruption,
} from '../index.ts';
import { VirtualClock } from '../testing/index.ts';

describe('interrupt', () => {
  it('drops the queued frames of the old epoch and none of the new one', async () => {
    const clock = new VirtualClock();
    const bot = graph('epochs', { clock });
    const sink = collect(100);
    bot
      .from(numbers(200))
      .pipe(map((frame) => frame))
      .to(sink);
    bot.run().catch(() => {});
    await clock.advance(1_000);
    const before = sink.frames.map(numberOf);
    const depth = bot.inspect().links.reduce((sum, link) => sum + link.depth, 0);
    const report = await bot.interrupt();
    expect(report.droppedMs).toBe(depth * 20);
    expect(bot.inspect().links.every((link) => link.frames >= 0)).toBe(true);
    await clock.advance(2_000);
    const after = sink.frames.slice(before.length).map(numberOf);
    expect(after[0]).toBe(before.length + depth);
    expect(sink.frames.slice(before.length).every((frame) => frame.epoch >= report.epoch)).toBe(true);
    bot.abort();
  });

  it('tells a recorder that stalls what it cut of a live stream, so that the recording keeps its time', async () => {
    const clock = new VirtualClock();
    const bot = graph('recorded', { clock });
    const recorder = collect(0, 'recorder');
    const frames: AudioFrame[] = [];
    let stallMs = 0;
    const stalling = createSink<AudioFrame, void>({
      name: 'stalling',
      open: () => ({
        write: (frame) => {
          frames.push(frame);
          frame.close();
          if (stallMs === 0) return;
          const until = clock.now() + stallMs;
          stallMs = 0;
          return new Promise((resolve) => clock.at(until, () => resolve()));
        },
        end: () => {},
      }),
    });
    bot
      .from(ticking(500))
      .pipe(map((frame) => frame))
      .with({ link: { capacity: { ms: 5_000 } } })
      .to(stalling);
    bot.from(numbers(10)).to(recorder);
    const done = bot.run();
    await clock.advance(1_000);
    stallMs = 2_000;
    await clock.advance(1_500);
    const { epoch } = await bot.interrupt();
    // Again, before anything has come.
    await bot.interrupt();
    await clock.run({ until: done });
    const gaps = frames.filter(({ gap }) => gap !== undefined);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]!.gap).toMatchObject({ reason: 'interrupted' });
    expect(gaps[0]!.epoch).toBe(epoch + 1);
    expect(gaps[0]!.gap!.duration).toBeGreaterThan(1_000_000);
    const recorded = frames.reduce((sum, { duration, gap }) => sum + duration + (gap?.duration ?? 0), 0);
    expect(recorded).toBe(500 * 20_000);
    expect(recorder.frames.every(({ gap }) => gap === undefined)).toBe(true);
  });

  it('tells nobody of speech that was made ahead and is made anew', async () => {
    const clock = new VirtualClock();
    const bot = graph('anew', { clock });
    const sink = collect(40, 'recorder');
    // Its words are numbered on, as those of a voice are that thinks for a second.
    const voice = createOperator<AudioFrame, AudioFrame>({ name: 'voice' }, (destination, context) => {
      let said = 0;
      const say = () => {
        for (let i = 0; i < 50; i++) destination.next(numbered(said++));
      };
      context.onInterrupt(() => void clock.at(clock.now() + 1_000, say));
      say();
      return { next: (frame) => frame.close() };
    });
    bot
      .from(ticking())
      .pipe(voice)
      .with({ link: { capacity: { ms: 5_000 } } })
      .to(sink);
    await bot.start();
    await clock.advance(500);
    await bot.interrupt();
    await clock.advance(3_000);
    expect(sink.frames.length).toBeGreaterThan(50);
    expect(sink.frames.filter(({ gap }) => gap !== undefined)).toEqual([]);
    bot.abort();
  });

  it('is known to a node before it gets a frame from after it', async () => {
    const clock = new VirtualClock();
    const bot = graph('known', { clock });
    const saw: string[] = [];
    const audio = audioPort({ sampleRate: 16_000, channels: 1 });
    const witness = defineNode({
      name: 'witness',
      inputs: { in: audio },
      outputs: { out: audio },
      create: (_options: object, context) => ({
        onFrame(_port, frame) {
          saw.push(`frame in ${context.epoch}`);
          context.send('out', frame.move({ timestamp: frame.timestamp, epoch: context.epoch }));
        },
        onInterrupt: ({ epoch }) => void saw.push(`told of ${epoch}`),
      }),
    });
    // The source stands outside, and refills at once what is cleared.
    const words = bot.from(numbers(500));
    bot.group('mouth', (mouth) => {
      const node = mouth.add(witness());
      words.to(node.in.in);
      node.out.out.to(collect(100));
    });
    bot.run().catch(() => {});
    await clock.advance(1_000);
    saw.length = 0;
    const { epoch } = await bot.interrupt({ scope: 'mouth' });
    await clock.advance(1_000);
    expect(saw.slice(0, 2)).toEqual([`told of ${epoch}`, `frame in ${epoch}`]);
    bot.abort();
  });

  it('counts what it drops in whatever order the nodes were added', async () => {
    const clock = new VirtualClock();
    const bot = graph('backwards', { clock });
    const node = bot.add(
      defineNode({
        name: 'closed',
        inputs: { in: audioPort({}) },
        outputs: {},
        create: () => ({ accepts: () => false }),
      })(),
    );
    bot
      .from(numbers(200))
      .pipe(map((frame) => frame))
      .to(node.in.in);
    await bot.start();
    const depth = bot.inspect().links.reduce((sum, link) => sum + link.depth, 0);
    const report = await bot.interrupt();
    expect(report.droppedMs).toBe(depth * 20);
    expect(bot.inspect().nodes.every((one) => one.staleFrames === 0)).toBe(true);
    await expect(bot.interrupt({ fadeMs: -1 })).rejects.toMatchObject({ code: 'SLUICE_OUT_OF_RANGE' });
    await expect(bot.interrupt({ scope: 'nobody' })).rejects.toMatchObject({ code: 'SLUICE_GRAPH_INVALID' });
    bot.abort();
  });

  it('reaches operators, carries the fade, and collects what they heard and dropped', async () => {
    const clock = new VirtualClock();
    const seen: Interruption[] = [];
    const keeper = createOperator<AudioFrame, AudioFrame>({ name: 'keeper' }, (destination, context) => {
      context.onInterrupt((interruption) => {
        seen.push(interruption);
        interruption.dropped(40_000);
        interruption.heard(1_500_000);
        interruption.wait(new Promise((resolve) => clock.at(clock.now() + 30, () => resolve(undefined))));
      });
      return { next: (frame) => destination.next(frame) };
    });
    const bot = graph('reach', { clock });
    bot.from(ticking()).pipe(keeper).to(collect());
    bot.run().catch(() => {});
    await clock.advance(100);
    const pending = bot.interrupt({ fadeMs: 8 });
    await clock.advance(50);
    const report = await pending;
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ epoch: report.epoch, fadeMs: 8 });
    expect(report).toMatchObject({ heardMs: 1_500, droppedMs: 40 });
    bot.abort();
  });

  it('stays inside its scope', async () => {
    const clock = new VirtualClock();
    const bot = graph('scope', { clock });
    const [speech, music] = [collect(100, 'speech'), collect(100, 'music')];
    bot.group('voice', (scope) => scope.from(numbers(100)).to(speech));
    bot.from(numbers(100)).to(music);
    bot.run().catch(() => {});
    await clock.advance(1_000);
    await bot.interrupt({ scope: 'voice' });
    await clock.advance(3_000);
    expect(music.frames.map(numberOf)).toEqual(range(music.frames.length));
    expect(speech.frames.map(numberOf)).not.toEqual(range(speech.frames.length));
    await expect(bot.interrupt({ scope: 'nobody' })).rejects.toMatchObject({ code: 'SLUICE_GRAPH_INVALID' });
    bot.abort();
  });

  it('counts what comes late from the old epoch as stale and lets none of it through', async () => {
    const clock = new VirtualClock();
    const bot = graph('late', { clock });
    const sink = collect();
    const slow = createOperator<AudioFrame, AudioFrame>({ name: 'slow', maxHeld: 8 }, (destination, context) => ({
      next: (frame) => {
        const release = context.hold();
        clock.at(clock.now() + 50, () => {
          destination.next(frame);
          release();
        });
      },
    }));
    bot
      .from(ticking(20))
      .pipe(slow)
      .with({ name: 'gate' })
      .pipe(map((frame) => frame))
      .to(sink);
    bot.run().catch(() => {});
    await clock.advance(150);
    const { epoch } = await bot.interrupt();
    const heard = sink.frames.length;
    await clock.advance(2_000);
    expect(sink.frames.slice(heard).every((frame) => frame.epoch >= epoch)).toBe(true);
    expect(bot.inspect().nodes.find((node) => node.id === 'gate')!.staleFrames).toBeGreaterThan(0);
  });
});
