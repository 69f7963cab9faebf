import { map, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collect, numbers, ticking } from '../../test/graph-fixtures.ts';
import {
  type AudioFrame,
  audioPort,
  createOperator,
  createSink,
  defineNode,
  framePort,
  graph,
  pushSource,
  timeFrames,
} from '../index.ts';
import { blockEventLoop, VirtualClock } from '../testing/index.ts';

const pass = (name: string) =>
  createOperator<AudioFrame, AudioFrame>({ name }, (destination) => ({ next: (frame) => destination.next(frame) }));

describe('looking inside', () => {
  it('draws nodes, ports, groups, policies and formats', async () => {
    const bot = graph('drawn');
    const sum = defineNode({
      name: 'sum',
      inputs: { a: audioPort(), b: audioPort() },
      outputs: { out: audioPort() },
      create: (_options: object, context) => ({ onFrame: (_port, frame) => context.emit('out', frame) }),
    });
    const node = bot.add(sum());
    bot.group('voice', (scope) => scope.from(numbers(3)).pipe(pass('denoise')).to(node.in.a));
    bot
      .from(numbers(3))
      .with({ link: { policy: 'latest' } })
      .to(node.in.b);
    node.out.out.to(collect());
    await bot.run();
    expect(bot.toMermaid()).toMatchInlineSnapshot(`
      "flowchart LR
        n0{{"sum"}}
        n3(["numbers"])
        n4[["collect"]]
        subgraph "voice"
          n1(["voice/numbers"])
          n2["voice/denoise"]
        end
        n1 -->|"audio s16 16000 Hz mono"| n2
        n2 -->|"audio s16 16000 Hz mono"| n0
        n3 -->|"audio s16 16000 Hz mono; latest"| n0
        n0 --> n4
      "
    `);
    expect(bot.toDot()).toMatchInlineSnapshot(`
      "digraph "drawn" {
        rankdir=LR;
        "sum" [shape=hexagon];
        "numbers" [shape=ellipse];
        "collect" [shape=box, peripheries=2];
        subgraph cluster_0 {
          label="voice";
          "voice/numbers" [shape=ellipse];
          "voice/denoise" [shape=box];
        }
        "voice/numbers" -> "voice/denoise" [label="audio s16 16000 Hz mono"];
        "voice/denoise" -> "sum" [label="audio s16 16000 Hz mono"];
        "numbers" -> "sum" [label="audio s16 16000 Hz mono; latest"];
        "sum" -> "collect" [label=""];
      }
      "
    `);
  });

  it('tells the ports of a node in words, linked or not, and of others none', () => {
    const bot = graph('ports');
    const desk = defineNode({
      name: 'desk',
      inputs: { voice: audioPort({ sampleRate: [16_000, 48_000], channels: 1 }), music: audioPort() },
      outputs: { out: audioPort({ sampleRate: 48_000 }), spare: framePort('text') },
      dynamicInputs: audioPort(),
      create: (_options: object) => ({ onFrame: (_port, frame) => frame.close?.() }),
    });
    const node = bot.add(desk());
    bot.from(numbers(1)).to(node.in.voice);
    node.out.out.to(collect());
    node.input('guest');
    const [first, ...others] = bot.inspect().nodes;
    expect(first!.ports).toEqual([
      { name: 'voice', direction: 'in', format: 'audio 16000|48000 Hz, 1 channel(s)', linked: true },
      { name: 'music', direction: 'in', format: 'audio', linked: false },
      { name: 'guest', direction: 'in', format: 'audio', linked: false },
      { name: 'out', direction: 'out', format: 'audio 48000 Hz', linked: true },
      { name: 'spare', direction: 'out', format: 'text', linked: false },
    ]);
    for (const other of others) expect(other).not.toHaveProperty('ports');
  });

  it('is plain data with the numbers of every node and link', async () => {
    const bot = graph('numbers');
    bot.from(numbers(300)).pipe(pass('first'), pass('second')).to(collect());
    await bot.run();
    const snapshot = bot.inspect();
    expect(JSON.parse(JSON.stringify(snapshot)).nodes).toHaveLength(3);
    const chain = snapshot.nodes[1]!;
    expect(chain).toMatchObject({
      id: 'first+second',
      kind: 'operator',
      framesIn: 300,
      framesOut: 300,
      held: 0,
      errors: 0,
    });
    expect(chain.processing.count).toBeGreaterThan(0);
    expect(snapshot.links[0]).toMatchObject({ frames: 300, droppedFrames: 0, depth: 0, full: false });
    expect(snapshot.problems).toEqual([]);
  });

  it('tells the time and the memory that it takes', async () => {
    const clock = new VirtualClock();
    const bot = graph('busy', { clock });
    timeFrames(bot, 1);
    bot
      .from(numbers(1_000))
      .with({ name: 'loud' })
      .pipe(tap(() => blockEventLoop(2)))
      .to(collect(1_000));
    const done = bot.run();
    await clock.advance(10);
    const { nodes, links } = bot.inspect();
    const busy = nodes.find(({ id }) => id.includes('loud') || id.includes('tap')) ?? nodes[1]!;
    expect(busy.processing.count).toBe(busy.framesIn);
    expect(busy.processing.total).toBeGreaterThanOrEqual(2_000 * busy.framesIn);
    expect(links.some(({ depth }) => depth > 0)).toBe(true);
    for (const { depth, depthBytes } of links) expect(depthBytes > 0).toBe(depth > 0);
    bot.abort();
    await done.catch(() => {});
    expect(() => timeFrames({} as never, 1)).toThrow(TypeError);
    expect(() => timeFrames(bot, 0)).toThrow(RangeError);
  });

  it('tells who dropped what and who held the event loop', async () => {
    const clock = new VirtualClock();
    const bot = graph('problems', { clock });
    bot
      .from(ticking(400))
      .with({ name: 'vad' })
      .pipe(tap(() => blockEventLoop(7)))
      .with({ link: { policy: 'drop-oldest', capacity: { frames: 2 } } })
      .to(collect(1_000));
    const done = bot.run();
    await clock.advance(8_000);
    const problems = bot.inspect().problems.join('\n');
    expect(problems).toMatch(/`vad` held the event loop for \d+ ms on one frame; give it a worker/);
    expect(problems).toMatch(/`vad` dropped \d+ frames \(\d+ ms\) before `collect`/);
    bot.abort();
    await done.catch(() => {});
  });

  it('says nothing of the first frame, with which code is compiled', async () => {
    const clock = new VirtualClock();
    const bot = graph('warming up', { clock });
    let first = true;
    const slowAtFirst = () => {
      if (first) blockEventLoop(7);
      first = false;
    };
    bot.from(numbers(300)).with({ name: 'vad' }).pipe(tap(slowAtFirst)).to(collect(1_000));
    const done = bot.run();
    await clock.advance(4_000);
    const { problems, nodes } = bot.inspect();
    expect(Math.max(...nodes.map((node) => node.processing.max))).toBeGreaterThan(5_000);
    expect(problems).toEqual([]);
    bot.abort();
    await done.catch(() => {});
  });

  it.each([
    { heldMs: 7, told: [] },
    { heldMs: 60, told: [expect.stringMatching(/`vad` held the event loop for \d\d ms on one frame/)] },
  ])('says of a single frame of $heldMs ms what is to be heard of it', async ({ heldMs, told }) => {
    const bot = graph('garbage', { clock: new VirtualClock() });
    timeFrames(bot, 1);
    let frame = 0;
    const once = () => void (++frame === 200 && blockEventLoop(heldMs));
    bot.from(numbers(300)).with({ name: 'vad' }).pipe(tap(once)).to(collect());
    await bot.run();
    const { problems, nodes } = bot.inspect();
    expect(Math.max(...nodes.map(({ processing }) => processing.slowest))).toBeGreaterThan(5_000);
    expect(problems).toEqual(told);
  });

  it('shows who waits for whom', async () => {
    const clock = new VirtualClock();
    const bot = graph('waiting', { clock });
    bot
      .from(numbers(1_000))
      .pipe(map((frame) => frame))
      .to(collect(1_000));
    const done = bot.run();
    await clock.advance(100);
    const { nodes, links } = bot.inspect();
    expect(nodes.map((node) => node.waiting)).toEqual([true, true, false]);
    expect(links.map((link) => [link.depth, link.full])).toEqual([
      [16, true],
      [16, true],
    ]);
    bot.abort();
    await done.catch(() => {});
  });

  it('finds flows without a sink, and what sources and sinks say of themselves, at once and for a logger', async () => {
    const clock = new VirtualClock();
    const warnings: string[] = [];
    const logger = {
      warn: (details: object, message: string) => void warnings.push(`${JSON.stringify(details)} ${message}`),
    };
    const bot = graph('doubtful', { clock, logger });
    let unheard = true;
    const device = createSink<AudioFrame, void>({
      name: 'toDevice',
      open: () => ({ write: (frame) => frame.close(), end() {} }),
      problems: () => (unheard ? ['is heard by nobody; join first'] : []),
    });
    const heard = pushSource<AudioFrame>({ name: 'fromDevice', problems: () => ['hears nobody'] }, () => () => {});
    bot.from(heard).to(device);
    bot.from(ticking(20)).pipe(pass('loose'));
    expect(bot.inspect().problems).toEqual(expect.not.arrayContaining([expect.stringContaining('leads nowhere')]));
    await bot.start();
    const found = [
      '`fromDevice` hears nobody',
      '`toDevice` is heard by nobody; join first',
      '`loose` leads nowhere, and what it emits is dropped; end it in a sink with to(...)',
    ];
    expect(bot.inspect().problems.toSorted()).toEqual(found.toSorted());
    const logged = found.map((text) => `{"graph":"doubtful","node":"${text.split('`')[1]}"} ${text}`);
    expect(warnings.toSorted()).toEqual(logged.toSorted());
    unheard = false;
    expect(bot.inspect().problems).toHaveLength(2);
    await bot.change((change) => void change.from(ticking(20)).to(collect()));
    expect(warnings).toHaveLength(3);
    bot.abort();
    await bot.finished.catch(() => {});
  });

  it('refuses a logger that is none', () => {
    expect(() => graph('x', { logger: {} as never })).toThrow(/graph.logger is not valid/);
  });

  it('tells glitches of ends that count them, with their rates, and of no other', async () => {
    const counts = { gaps: 2, gapMs: 300, concealedMs: 40, playedMs: 3_600_000 };
    const bot = graph('ears');
    const heard = pushSource<AudioFrame>({ name: 'heard', glitches: () => counts }, () => () => {});
    const writer = { write: (frame: AudioFrame) => frame.close(), end: () => {} };
    const played = createSink<AudioFrame>({ name: 'played', glitches: () => counts, open: () => writer });
    const uncounted = createSink<AudioFrame>({ name: 'uncounted', glitches: () => undefined, open: () => writer });
    const flow = bot.from(heard).pipe(pass('denoise'));
    flow.to(played);
    flow.to(uncounted);
    const { nodes } = bot.inspect();
    const rates = { ...counts, gapsPerHour: 2, concealedMsPerHour: 40 };
    expect(nodes.map(({ glitches }) => glitches)).toEqual([rates, undefined, rates, undefined]);
    expect(nodes[1]).not.toHaveProperty('glitches');
    expect(nodes[3]).not.toHaveProperty('glitches');
  });
});
