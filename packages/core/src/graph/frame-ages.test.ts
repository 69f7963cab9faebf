import { describe, expect, it } from 'vitest';
import { collect, numbered, numbers, ticking } from '../../test/graph-fixtures.ts';
import {
  type AudioFrame,
  audioPort,
  createOperator,
  defineNode,
  type Frame,
  graph,
  type Micros,
  prometheus,
  pushSource,
} from '../index.ts';
import { VirtualClock } from '../testing/index.ts';

/** Keeps each frame for a while, and gives it on as `make` says. */
function keep<B extends Frame = AudioFrame>(ms: number, make: (frame: AudioFrame) => B, restamps = false) {
  return createOperator<AudioFrame, B>({ name: 'keep', maxHeld: 500, restamps }, (destination, context) => ({
    next(frame) {
      const { clock } = context;
      const release = context.hold();
      clock.at(clock.now() + ms, () => {
        release();
        destination.next(make(frame));
      });
    },
  }));
}

const same = (frame: AudioFrame) => frame;

/** Looks at a graph, lets it run for ten seconds, and tells how old the frames on its links are. */
async function agesAfterTenSeconds(build: (bot: ReturnType<typeof graph>) => void) {
  const clock = new VirtualClock();
  const bot = graph('old', { clock });
  build(bot);
  bot.inspect();
  const done = bot.run();
  await clock.advance(10_000);
  const ages = bot.inspect().links.map(({ ageMs }) => ageMs);
  const text = prometheus(bot);
  bot.abort();
  await done.catch(() => {});
  return { ages, text };
}

describe('how old frames are', () => {
  it('counts from the source, whatever holds them on their way', async () => {
    const { ages, text } = await agesAfterTenSeconds((bot) => {
      bot
        .from(ticking())
        .pipe(keep(100, same))
        .pipe(keep(60, (frame) => frame.derive({ samples: frame.samples.slice() })))
        .to(collect());
    });
    const count = expect.any(Number);
    expect(ages).toEqual([0, 100, 160].map((age) => ({ count, p50: age, p95: age, max: age })));
    expect(ages[0]!.count).toBeGreaterThan(25);
    expect(text).toMatch(/sluice_link_age_duration_seconds\{.*to="collect".*quantile="0.95"\} 0.16\n/);
  });

  it('tells the late ones from the usual', async () => {
    const { ages } = await agesAfterTenSeconds((bot) => {
      const lateAtTimes = createOperator<AudioFrame, AudioFrame>({ name: 'late' }, (destination, { clock }) => ({
        next(frame) {
          const late = frame.timestamp > 4_000_000 && frame.timestamp < 5_500_000;
          clock.at(clock.now() + (late ? 300 : 20), () => destination.next(frame));
        },
      }));
      bot.from(ticking()).pipe(lateAtTimes).to(collect());
    });
    expect(ages[1]).toMatchObject({ p50: 20, p95: 300, max: 300 });
  });

  it('counts from the node that gives media of its own', async () => {
    const text = (frame: AudioFrame) => ({ kind: 'text', timestamp: (frame.timestamp / 2) as Micros });
    const { ages } = await agesAfterTenSeconds((bot) => {
      bot.from(ticking()).pipe(keep(500, text)).to(collect<Frame>());
      bot
        .from(ticking())
        .pipe(keep(500, (frame) => frame.move({ timestamp: (frame.timestamp / 2) as Micros }), true))
        .pipe(keep(40, same))
        .to(collect());
    });
    expect(ages.map((age) => age?.p95)).toEqual([0, 0, 0, 0, 40]);
  });

  it('counts from where several sounds became one', async () => {
    const sum = defineNode({
      name: 'sum',
      inputs: { a: audioPort(), b: audioPort() },
      outputs: { out: audioPort() },
      create: (_options: object, context) => ({
        onFrame: (port, frame) => (port === 'a' ? context.emit('out', frame) : (frame as AudioFrame).close()),
      }),
    });
    const { ages } = await agesAfterTenSeconds((bot) => {
      const node = bot.add(sum());
      bot.from(ticking()).pipe(keep(100, same)).to(node.in.a);
      bot.from(ticking()).to(node.in.b);
      node.out.out.to(collect());
    });
    expect(ages.map((age) => age?.max)).toEqual([0, 100, 0, 0]);
  });

  it('tells nothing of what came between two bursts, and nothing of frames with other times', async () => {
    const bursts = pushSource<AudioFrame>({ name: 'bursts' }, (destination, { clock }) => {
      let made = 0;
      let cancel = () => {};
      const burst = () => {
        for (let i = 0; i < 20; i++) destination.next(numbered(made++));
        cancel = clock.at(clock.now() + 2_000, burst);
      };
      cancel = clock.at(clock.now(), burst);
      return () => cancel();
    });
    const { ages } = await agesAfterTenSeconds((bot) => {
      bot
        .from(bursts)
        .with({ link: { capacity: { frames: 100 } } })
        .pipe(keep(30, same))
        .to(collect());
      bot
        .from(ticking())
        .pipe(keep(0, (frame) => frame.move({ timestamp: (frame.timestamp + 3_600_000_000) as Micros })))
        .to(collect());
    });
    expect(ages.map((age) => age?.max)).toEqual([0, 30, 0, undefined]);
  });

  it('goes on when a source counts from its beginning again', async () => {
    const anew = pushSource<AudioFrame>({ name: 'anew' }, (destination, { clock }) => {
      let made = 0;
      let cancel = () => {};
      const tick = () => {
        destination.next(numbered(made++ % 300));
        cancel = clock.at(clock.now() + 20, tick);
      };
      cancel = clock.at(clock.now(), tick);
      return () => cancel();
    });
    const { ages } = await agesAfterTenSeconds((bot) => {
      bot.from(anew).pipe(keep(100, same)).to(collect());
    });
    expect(ages.map((age) => age?.max)).toEqual([0, 100]);
    expect(ages[1]!.count).toBeGreaterThan(8);
  });

  it('ends a minute after the last look, and begins again with the next', async () => {
    const clock = new VirtualClock();
    const bot = graph('old', { clock });
    bot.from(ticking()).pipe(keep(100, same)).to(collect());
    bot.inspect();
    const done = bot.run();
    const ages = () => bot.inspect().links.map(({ ageMs }) => ageMs?.max);
    await clock.advance(5_000);
    expect(ages()).toEqual([0, 100]);
    await clock.advance(70_000);
    expect(ages()).toEqual([undefined, undefined]);
    await clock.advance(5_000);
    expect(ages()).toEqual([0, 100]);
    bot.abort();
    await done.catch(() => {});
  });

  it('tells nothing of a graph that nobody looked at before', async () => {
    const bot = graph('unseen');
    bot.from(numbers(300)).to(collect());
    await bot.run();
    expect(bot.inspect().links[0]).not.toHaveProperty('ageMs');
  });
});
