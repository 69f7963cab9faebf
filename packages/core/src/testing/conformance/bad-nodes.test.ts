import { describe, expect, it } from 'vitest';
import { burnCpu } from '../../../test/burn-cpu.ts';
import { AudioFrame } from '../../media/audio-frame.ts';
import { defineNode, type NodeBlueprint, type NodeContext, type NodeHandlers } from '../../node/define-node.ts';
import { audioPort, type PortSpec } from '../../node/port.ts';
import { sleep } from '../../time/clock.ts';
import { micros, samplesToMicros } from '../../time/units.ts';
import { conform, conformanceChecks } from './conform.ts';
import type { NodeProfile } from './node-profile.ts';

type Audio = { readonly in: PortSpec<AudioFrame> };
type Handlers = NodeHandlers<Audio, undefined, { readonly out: PortSpec<AudioFrame> }>;
type Context = NodeContext<{ readonly out: PortSpec<AudioFrame> }>;

const ports = { inputs: { in: audioPort() }, outputs: { out: audioPort() } } as const;
const node = (create: (context: Context) => Handlers) => () =>
  defineNode({ name: 'bad', ...ports, create: (_options: object, context) => create(context) })() as NodeBlueprint;
/** Passes frames on, and does what is given beside. */
const passing = (more: (context: Context) => Omit<Handlers, 'onFrame'>) =>
  node((context) => ({ onFrame: (_port, frame) => context.emit('out', frame), ...more(context) }));
/** Passes what `change` makes of each frame. */
const changing = (change: (frame: AudioFrame) => AudioFrame) =>
  node((context) => ({ onFrame: (_port, frame) => context.emit('out', change(frame)) }));
const never = () => new Promise<void>(() => {});
/** Throws what a node would say that cannot take something. */
const refuse = (what: string): never => {
  throw new Error(what);
};
/** Keeps the last frame, and lets it go when told. */
const keeping = (letGo: (drop: () => void) => Omit<Handlers, 'onFrame'>) =>
  node((context) => {
    let last: AudioFrame | undefined;
    const drop = () => {
      last?.close();
      last = undefined;
    };
    return {
      onFrame: (_port, frame) => {
        drop();
        last = frame;
        context.emit('out', frame.clone());
      },
      ...letGo(drop),
    };
  });

interface BadNode {
  /** The check that names it. */
  readonly breaks: string;
  readonly what: string;
  readonly make: () => NodeBlueprint;
  readonly profile?: NodeProfile;
  /** What else it breaks, and why that cannot be otherwise. */
  readonly also?: Readonly<Record<string, string>>;
}

const bad: readonly BadNode[] = [
  {
    breaks: 'is made for this contract, with defineNode',
    what: 'was made by a core of another contract',
    make: () => ({ ...passing(() => ({}))(), contract: 2 }),
  },
  {
    breaks: 'ends in order after 0 frames',
    what: 'waits for its first frame before it ends',
    make: node((context) => {
      let seen = false;
      return {
        onFrame: (_port, frame) => {
          seen = true;
          context.emit('out', frame);
        },
        onDrain: () => (seen ? undefined : never()),
      };
    }),
  },
  {
    breaks: 'ends in order after 1 frame',
    what: 'needs two frames to say what it has got',
    make: node((context) => {
      let count = 0;
      return {
        onFrame: (_port, frame) => {
          count++;
          context.emit('out', frame);
        },
        onDrain: () => (count === 1 ? refuse('one frame is too few') : undefined),
      };
    }),
  },
  {
    breaks: 'has closed every frame when it has ended',
    what: 'forgets its tail',
    make: node((context) => {
      let tail: AudioFrame | undefined;
      const drop = () => {
        tail?.close();
        tail = undefined;
      };
      return {
        onFrame: (_port, frame) => {
          drop();
          tail = frame;
          context.emit('out', frame.clone());
        },
        onInterrupt: drop,
        onDrain: () => {
          tail = undefined;
        },
        close: drop,
      };
    }),
  },
  {
    breaks: 'drains within the deadline',
    what: 'says goodbye for twenty seconds',
    make: passing((context) => {
      let stopped = false;
      return {
        onStop: () => {
          stopped = true;
        },
        async onDrain() {
          if (stopped) return;
          const release = context.keepAlive('goodbye');
          await sleep(context.clock, 20_000, context.signal).catch(() => {});
          release();
        },
      };
    }),
  },
  {
    breaks: 'ends when the graph is stopped',
    what: 'goes on after a stop',
    make: passing(() => {
      let stopped = false;
      return {
        onStop: () => {
          stopped = true;
        },
        onDrain: () => (stopped ? never() : undefined),
      };
    }),
  },
  {
    breaks: 'gives everything back when it is aborted in mid-stream',
    what: 'keeps a frame, and has no close()',
    make: keeping((drop) => ({ onInterrupt: drop, onDrain: drop })),
    also: {
      'gives everything back when it is aborted in the middle of a callback': 'nothing is given back, whenever it is',
      'gives everything back when it is aborted while it waits for room': 'nothing is given back, whenever it is',
    },
  },
  {
    breaks: 'gives everything back when it is aborted in the middle of a callback',
    what: 'takes a frame to itself after it was closed',
    make: node((context) => {
      let last: AudioFrame | undefined;
      const drop = () => {
        last?.close();
        last = undefined;
      };
      return {
        onFrame: (_port, frame) => {
          drop();
          context.emit('out', frame.clone());
          last = frame;
        },
        onInterrupt: drop,
        onDrain: drop,
        close: drop,
      };
    }),
  },
  {
    breaks: 'gives everything back when it is aborted while it waits for room',
    what: 'forgets what it was about to emit when there is room',
    make: node((context) => {
      const waiting = new Map<AudioFrame, () => void>();
      let drained = () => {};
      return {
        onFrame: (_port, frame) => {
          const second = frame.derive({ timestamp: micros(frame.timestamp + 1) });
          context.emit('out', frame);
          if (context.signal.aborted) return second.close();
          waiting.set(second, () => {});
          const cancel = context.whenRoom(() => {
            waiting.delete(second);
            context.emit('out', second);
            if (waiting.size === 0) drained();
          });
          if (waiting.has(second)) waiting.set(second, cancel);
        },
        onInterrupt: () => {
          for (const [frame, cancel] of waiting) {
            cancel();
            frame.close();
          }
          waiting.clear();
        },
        onDrain: () =>
          waiting.size === 0
            ? undefined
            : new Promise((resolve) => {
                drained = resolve;
              }),
      };
    }),
  },
  {
    breaks: 'leaves no timer behind',
    what: 'does not cancel its watchdog',
    make: node(({ clock, emit }) => {
      let cancel = () => {};
      return {
        onFrame: (_port, frame) => {
          cancel();
          cancel = clock.at(clock.now() + 5_000, () => {});
          emit('out', frame);
        },
      };
    }),
  },
  {
    breaks: 'is silent after its end',
    what: 'says one more thing when it is ended',
    make: passing((context) => {
      const farewell = () => context.emit('out', quiet(0));
      context.signal.addEventListener('abort', farewell);
      return {};
    }),
  },
  {
    breaks: 'takes no harm when it is closed twice',
    what: 'closes its session twice',
    make: passing(() => {
      let open = true;
      return {
        close: () => {
          if (!open) refuse('the session is closed');
          open = false;
        },
      };
    }),
  },
  {
    breaks: 'serves two graphs, each with a state of its own',
    what: 'counts for all graphs together',
    make: () => {
      let left = 8;
      return node((context) => ({
        onFrame: (_port, frame) => (left-- > 0 ? context.emit('out', frame) : frame.close()),
      }))();
    },
  },
  {
    breaks: 'emits what its outputs declare',
    what: 'declares 8 kHz and emits what it gets',
    make: () =>
      defineNode({
        name: 'bad',
        inputs: ports.inputs,
        outputs: { out: audioPort({ sampleRate: 8_000 }) },
        create: (_options: object, context) => ({ onFrame: (_port, frame) => context.emit('out', frame) }),
      })() as NodeBlueprint,
  },
  {
    breaks: 'waits while nothing has room',
    what: 'emits five frames for one without asking',
    make: node((context) => ({
      onFrame: (_port, frame) => {
        try {
          for (let part = 0; part < 5; part++)
            context.emit('out', frame.derive({ timestamp: micros(frame.timestamp + part) }));
        } finally {
          frame.close();
        }
      },
    })),
    also: { 'loses nothing to a slow receiver': 'the graph fails before the receiver gets to it' },
  },
  {
    breaks: 'loses nothing to a slow receiver',
    what: 'drops its second half where there is no room',
    make: node((context) => ({
      onFrame: (_port, frame) => {
        const second = frame.derive({ timestamp: micros(frame.timestamp + 1) });
        context.emit('out', frame);
        if (context.hasRoom) context.emit('out', second);
        else second.close();
      },
    })),
  },
  {
    breaks: 'takes a burst',
    what: 'takes no more than twenty frames at a time',
    make: node((context) => {
      let at = -1;
      let count = 0;
      return {
        onFrame: (_port, frame) => {
          const now = context.clock.now();
          count = now === at ? count + 1 : 1;
          at = now;
          context.emit('out', frame);
          if (count > 20) refuse('too many frames at a time');
        },
      };
    }),
  },
  {
    breaks: 'goes on after a pause of its input',
    what: 'gives up after five seconds',
    make: node((context) => {
      let last: number | undefined;
      return {
        onFrame: (_port, frame) => {
          const now = context.clock.now();
          last ??= now;
          if (now - last > 5_000) return frame.close();
          last = now;
          context.emit('out', frame);
        },
      };
    }),
  },
  {
    breaks: 'keeps no more the longer it runs',
    what: 'keeps everything until its end',
    make: node((context) => {
      let all: AudioFrame[] = [];
      const drop = () => {
        for (const frame of all) frame.close();
        all = [];
      };
      return {
        onFrame: (_port, frame) => {
          all.push(frame.clone());
          context.emit('out', frame);
        },
        onInterrupt: drop,
        close: drop,
      };
    }),
  },
  {
    breaks: 'ends in order when one of its inputs ends before the others',
    what: 'waits for the partner of an input that has ended',
    make: () =>
      defineNode({
        name: 'bad',
        inputs: { left: audioPort(), right: audioPort() },
        outputs: ports.outputs,
        create: (_options: object, context) => {
          const ends: number[] = [];
          return {
            onFrame: (_port, frame) => context.emit('out', frame),
            onEnd: () => void ends.push(context.clock.now()),
            onDrain: () => (ends[0] === ends[1] ? undefined : never()),
          };
        },
      })() as NodeBlueprint,
  },
  {
    breaks: 'goes on in the new epoch after an interruption',
    what: 'falls silent until the next interruption',
    make: node((context) => {
      let muted = false;
      let spoke = false;
      return {
        onFrame: (_port, frame) => {
          spoke = true;
          if (muted) frame.close();
          else context.emit('out', frame);
        },
        onInterrupt: () => {
          muted = spoke && !muted;
        },
      };
    }),
  },
  {
    breaks: 'goes on after interruptions in a row',
    what: 'does not get over two interruptions at once',
    make: node((context) => {
      let last = -1;
      let stuck = false;
      return {
        onFrame: (_port, frame) => (stuck ? frame.close() : context.emit('out', frame)),
        onInterrupt: () => {
          stuck ||= last === context.clock.now();
          last = context.clock.now();
        },
      };
    }),
  },
  {
    breaks: 'goes on after an interruption before its first frame',
    what: 'asks for the format of what it has not got yet',
    make: node((context) => {
      let format: { readonly sampleRate: number } | undefined;
      return {
        onFrame: (_port, frame) => {
          format = { sampleRate: frame.sampleRate };
          context.emit('out', frame);
        },
        onInterrupt: () => void format!.sampleRate,
      };
    }),
  },
  {
    breaks: 'has closed what an interruption made void',
    what: 'keeps its last frame over an interruption',
    make: keeping((drop) => ({ onDrain: drop, close: drop })),
  },
  {
    breaks: 'falls silent on an interruption',
    what: 'says to the end what it has begun',
    make: node((context) => {
      const { clock } = context;
      const queue: (() => AudioFrame)[] = [];
      let position = 0;
      let cancel: (() => void) | undefined;
      let drained = () => {};
      const tick = () => {
        cancel = undefined;
        if (context.hasRoom) {
          const frame = queue.shift()!();
          position += frame.length;
          context.emit('out', frame);
        }
        if (queue.length === 0) drained();
        else cancel = clock.at(clock.now() + 20, tick);
      };
      return {
        onFrame: (_port, frame) => {
          const { samples, sampleRate, channels, gap, utterance } = frame;
          for (let part = 0; part < 6; part++)
            queue.push(() => {
              const timestamp = samplesToMicros(position, sampleRate);
              return new AudioFrame({
                samples,
                sampleRate,
                channels,
                timestamp,
                gap: part === 0 ? gap : undefined,
                utterance,
              });
            });
          frame.close();
          cancel ??= clock.at(clock.now(), tick);
        },
        onDrain: () =>
          queue.length === 0
            ? undefined
            : new Promise((resolve) => {
                drained = resolve;
              }),
        close: () => cancel?.(),
      };
    }),
  },
  {
    breaks: 'takes a change of format in mid-stream',
    what: 'takes one rate only, and does not declare it',
    make: node((context) => {
      let rate: number | undefined;
      return {
        onFrame: (_port, frame) => {
          rate ??= frame.sampleRate;
          if (rate !== frame.sampleRate) refuse('another rate');
          context.emit('out', frame);
        },
      };
    }),
  },
  {
    breaks: 'takes frames of odd sizes',
    what: 'takes frames of 20 ms only',
    make: changing((frame) => (frame.length * 50 === frame.sampleRate ? frame : refuse('not 20 ms'))),
  },
  {
    breaks: 'takes silence',
    what: 'divides by the loudness',
    make: changing((frame) => (frame.samples.some((sample) => sample !== 0) ? frame : refuse('no level'))),
  },
  {
    breaks: 'keeps timestamps in order',
    what: 'counts time backwards',
    make: changing((frame) => frame.move({ timestamp: micros(1e9 - frame.timestamp) })),
  },
  { breaks: 'passes a gap on', what: 'loses gaps', make: changing((frame) => frame.move({ gap: undefined })) },
  {
    breaks: 'keeps the utterance of what it was given',
    what: 'loses utterances',
    make: changing((frame) => frame.move({ utterance: undefined })),
  },
  {
    breaks: 'writes into no frame whose bytes somebody else sees',
    what: 'works in place',
    make: changing((frame) => {
      frame.samples.fill(1);
      return frame;
    }),
  },
  {
    breaks: 'lets a fault come to light that it meets while it emits',
    what: 'catches everything',
    make: node((context) => ({
      onFrame: (_port, frame) => {
        try {
          context.emit('out', frame);
        } catch {
          // Nobody will know.
        }
      },
    })),
  },
  {
    breaks: 'lays the fault of a callback to itself',
    what: 'catches what a callback throws',
    make: passing(() => ({})),
    profile: {
      throwing: (error) =>
        changing((frame) => {
          try {
            throw error;
          } catch {
            return frame;
          }
        })(),
    },
  },
  {
    breaks: 'takes no control message that is none of its own',
    what: 'takes every message',
    make: passing(() => ({ onControl: () => true })),
  },
  {
    breaks: 'takes its time from the clock, and hands what is no timer to clock.track',
    what: 'calls its model behind the back of the clock',
    make: node((context) => ({
      async onFrame(_port, frame) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        await context.send('out', frame);
      },
    })),
  },
  {
    breaks: 'ends a fetch that nobody waits for',
    what: 'fetches on and on',
    make: () =>
      defineNode({
        name: 'bad',
        ...ports,
        prefetch: never,
        create: (_options: object, context) => ({ onFrame: (_port, frame) => context.emit('out', frame) }),
      })() as NodeBlueprint,
  },
  {
    breaks: 'does not block the event loop',
    what: 'computes for longer than the frame lasts',
    make: node((context) => {
      let last = 0;
      return {
        onFrame: (_port, frame) => {
          const now = context.clock.now();
          // What else feeds it does not have to wait as well.
          if (now - last >= 100) burnCpu(8);
          last = now;
          context.emit('out', frame);
        },
      };
    }),
  },
];

describe('a node that breaks one rule', () => {
  it.each(bad)('$what: $breaks', async ({ breaks, make, profile = {}, also = {} }) => {
    const { passed, checks } = await conform(make, { kind: 'node', profile });
    const failed = checks.filter((one) => !one.passed && one.skipped === undefined);
    expect(failed.map(({ name }) => name).sort()).toEqual([breaks, ...Object.keys(also)].sort());
    for (const { message } of failed) expect(message).toMatch(/\w{4}/);
    expect(passed).toBe(false);
  });

  it('is there for every check but one that another stands for', () => {
    const names = conformanceChecks({ kind: 'node' }).map(({ name }) => name);
    const broken = new Set(bad.map(({ breaks }) => breaks));
    expect(names.filter((name) => !broken.has(name))).toEqual(['ends in order after 7 frames']);
  });
});

/** 20 ms in which nothing is heard. */
function quiet(index: number): AudioFrame {
  const timestamp = samplesToMicros(index * 320, 16_000);
  return new AudioFrame({ samples: new Int16Array(320), sampleRate: 16_000, channels: 1, timestamp });
}
