import {
  AudioFrame,
  createOperator,
  createSink,
  type Graph,
  graph,
  type Micros,
  pushSource,
  timeFrames,
} from '@sluice/core';
import { blockEventLoop, VirtualClock } from '@sluice/core/testing';
import { type Inspector, inspector, lookAt, type Problem } from '@sluice/inspector';
import { gain } from '@sluice/nodes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { typedJson } from '../packages/cli/test/typed.ts';
import { collect, ticking } from '../packages/core/test/graph-fixtures.ts';

/** A graph with a fault, and how it is told: who and what, what to do, where to look. */
interface Fault {
  readonly build: (bot: Graph) => void;
  readonly afterwards?: (bot: Graph) => unknown;
  readonly text: RegExp;
  readonly fix: RegExp;
  readonly node?: string;
  readonly code?: string;
}

/** Passes each frame on after something is done. */
const doing = (name: string, act: (index: number) => void) =>
  createOperator<AudioFrame, AudioFrame>({ name }, (destination) => {
    let index = 0;
    return {
      next: (frame) => {
        act(index++);
        destination.next(frame);
      },
    };
  });

/** Fails at its tenth frame, of all that it ever gets. */
const shaky = () => {
  let frames = 0;
  return doing('shaky', () => {
    if (++frames === 10) throw new Error('the filter became unstable');
  });
};

/** 20 ms of sound each 20 ms of the clock, where there is any. */
const live = (name: string, amplitudeAt: (index: number) => number | undefined) =>
  pushSource<AudioFrame>({ name }, (destination, { clock }) => {
    let cancel = () => {};
    const start = clock.now();
    const tick = (index: number) => {
      cancel = clock.at(start + 20 * (index + 1), () => tick(index + 1));
      const amplitude = amplitudeAt(index);
      const sample = (_: unknown, at: number) => (amplitude ?? 0) * Math.sin((2 * Math.PI * 50 * at) / 16_000);
      const samples = Int16Array.from({ length: 320 }, sample);
      const timestamp = (20_000 * index) as Micros;
      if (amplitude !== undefined)
        destination.next(new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp }));
    };
    tick(0);
    return () => cancel();
  });

/** Plays in the time of the clock from its first frame on, and counts how often it had nothing to play. */
const player = () => {
  let [gaps, gapMs, playedMs] = [0, 0, 0];
  return createSink<AudioFrame>({
    name: 'player',
    glitches: () => ({ gaps, gapMs, concealedMs: 0, playedMs }),
    open: ({ clock }) => {
      let [queued, starved] = [0, false];
      let cancel: (() => void) | undefined;
      const play = () => {
        cancel = clock.at(clock.now() + 20, play);
        playedMs += 20;
        if (queued === 0) gapMs += 20;
        if (queued === 0 && !starved) gaps++;
        starved = queued === 0;
        queued = Math.max(0, queued - 1);
      };
      return {
        write: (frame) => {
          frame.close();
          queued++;
          if (cancel === undefined) play();
        },
        end: () => cancel?.(),
      };
    },
  });
};

const faults: Readonly<Record<string, Fault>> = {
  'a slow node': {
    build: (bot) => {
      timeFrames(bot, 1);
      const blocks = (index: number) => void (index > 120 && index < 130 && blockEventLoop(7));
      bot.from(ticking()).pipe(doing('vad', blocks)).to(collect());
    },
    text: /^`vad` held the event loop for \d+ ms on one frame$/,
    fix: /inWorker/,
    node: 'vad',
  },
  'a drop': {
    build: (bot) => bot.from(ticking()).to(collect(100)),
    text: /^`ticking` dropped \d+ frames \(\d+ ms\) before `collect`: `collect` takes frames more slowly than they come$/,
    fix: /^make `collect` faster, or raise the capacity/,
    node: 'collect',
  },
  'a drop whose culprit stands behind': {
    build: (bot) =>
      bot
        .from(ticking())
        .pipe(doing('asr', () => {}))
        .to(collect(100)),
    text: /^`ticking` dropped .* before `asr`: `asr` waits for `collect`, and `collect` takes frames more slowly/,
    fix: /^make `collect` faster, or raise/,
    node: 'collect',
  },
  'a full link': {
    build: (bot) =>
      bot
        .from(ticking())
        .pipe(doing('asr', () => {}))
        .to(collect(100)),
    text: /^`asr` waits for `collect`: the queue between them has been full for [23]\.\d s, and what comes is live$/,
    fix: /^make `collect` faster, or let the link drop/,
    node: 'collect',
  },
  'a failing node': {
    build: (bot) => bot.from(ticking()).with({ onError: 'resume' }).pipe(shaky()).to(collect()),
    text: /^`shaky` reported a fault: the filter became unstable$/,
    fix: /^mend what it throws at test\/seeded-faults\.test\.ts:\d+$/,
    node: 'shaky',
    code: 'SLUICE_NODE_FAILED',
  },
  'a restart': {
    build: (bot) => bot.from(ticking()).with({ onError: 'restart' }).pipe(shaky()).to(collect()),
    text: /^`shaky` was restarted once: the filter became unstable$/,
    fix: /^mend what it throws/,
    node: 'shaky',
    code: 'SLUICE_NODE_FAILED',
  },
  'an overflow': {
    build: (bot) =>
      bot
        .from(ticking())
        .with({ link: { policy: 'error', capacity: { frames: 2 } } })
        .to(collect(100)),
    text: /^`collect` failed: link ticking->collect is full; expected at most 2 frames$/,
    fix: /^make collect faster, raise the capacity/,
    node: 'collect',
    code: 'SLUICE_LINK_OVERFLOW',
  },
  'a sink that starves': {
    build: (bot) => bot.from(live('stutter', (index) => (index % 50 < 40 ? 1_000 : undefined))).to(player()),
    text: /^`player` broke off \d+ times, for \d+ ms: it had nothing to play$/,
    fix: /^look at what stands before it/,
    node: 'player',
  },
  'a sound that clips': {
    build: (bot) =>
      bot
        .from(live('loud', () => 20_000))
        .pipe(gain({ db: 12 }))
        .to(collect()),
    text: /^`gain` gives clipped sound: peaks are cut at full scale in \d+ of \d+ frames/,
    fix: /^lower its gain/,
    node: 'gain',
  },
  'a sound that becomes silence': {
    build: (bot) =>
      bot
        .from(live('voice', () => 20_000))
        .pipe(gain({ db: -200 }))
        .to(collect()),
    text: /^`gain` gives nothing but zeros, for 1\d s, though sound enters it$/,
    fix: /its gain/,
    node: 'gain',
  },
  'a missed deadline': {
    build: (bot) => {
      const deaf = createOperator<AudioFrame, AudioFrame>({ name: 'deaf' }, (destination) => ({
        next: (frame) => destination.next(frame),
        complete: () => {},
      }));
      bot.from(ticking()).pipe(deaf).to(collect());
    },
    afterwards: (bot) => bot.stop(),
    text: /^the graph failed: .*draining .* 2000 ms/,
    fix: /./,
    code: 'SLUICE_DEADLINE',
  },
  'a pause that lasts': {
    build: (bot) => bot.from(ticking()).to(collect()),
    afterwards: (bot) => bot.pause({ maxMs: 1_000 }),
    text: /^`collect` has been paused for \d\.\d s, and pause\(\) allowed 1\.0 s$/,
    fix: /^call resume\(\)/,
    node: 'collect',
  },
  'a flow that leads nowhere': {
    build: (bot) => void bot.from(ticking()).pipe(doing('loose', () => {})),
    text: /^`loose` leads nowhere, and what it emits is dropped$/,
    fix: /^end it in a sink/,
    node: 'loose',
  },
};

const graphs = new Map<string, Graph>();
let open: Inspector;
let onPage: ReadonlyMap<string, readonly Problem[]>;
let inTop: ReadonlyMap<string, readonly Problem[]>;
beforeAll(async () => {
  for (const [name, { build, afterwards }] of Object.entries(faults)) {
    const clock = new VirtualClock();
    const bot = graph(name, { clock, deadlines: { drainMs: 2_000 } });
    graphs.set(name, bot);
    build(bot);
    bot.run().catch(() => {});
    // Sound is looked at every 128 frames.
    await clock.advance(name.startsWith('a sound') ? 14_000 : 3_000);
    const more = afterwards?.(bot);
    if (more instanceof Promise) more.catch(() => {});
    if (afterwards !== undefined) await clock.advance(3_000);
    // Who counts for himself is dated by who looks.
    bot.inspect();
  }
  open = await inspector([...graphs.values()]);
  onPage = await seenByPage();
  const { result } = await typedJson(['top', String(process.pid)]);
  const told = (result as { graphs: readonly { name: string; problems: readonly Problem[] }[] }).graphs;
  inTop = new Map(told.map(({ name, problems }) => [name, problems]));
});
afterAll(async () => {
  await open?.close();
  for (const bot of graphs.values()) bot.abort();
});

/** What the first sample has that a page gets. */
async function seenByPage(): Promise<ReadonlyMap<string, readonly Problem[]>> {
  const names = [...graphs.keys()];
  for await (const message of lookAt({ pid: process.pid, port: open.port, token: open.token }))
    if (message.type === 'sample') return new Map(message.graphs.map(({ problems }, at) => [names[at]!, problems]));
  throw new Error('no sample came');
}

it.each(Object.entries(faults))(
  '%s is told as one sentence, by inspect(), on the page and by sluice top',
  (name, fault) => {
    const { text, fix, node, code } = fault;
    const { problems, diagnostics } = graphs.get(name)!.inspect();
    const found = diagnostics.find((one) => text.test(one.text))!;
    expect(diagnostics.map((one) => one.text).join('\n')).toMatch(new RegExp(text.source, 'm'));
    expect({ node: found.node, code: found.code }).toEqual({ node, code });
    expect(found.fix ?? '').toMatch(fix);
    expect(problems).toContain(found.fix === undefined ? found.text : `${found.text}; ${found.fix}`);
    for (const seen of [onPage, inTop]) expect(seen.get(name)!.map((one) => one.text)).toContain(found.text);
  },
);
