import type { AudioFrame } from '../../src/media/audio-frame.ts';
import { sleep } from '../../src/time/clock.ts';
import { micros } from '../../src/time/units.ts';
import { type BadNode, keeping, never, node, passing, quiet, refuse } from './bad-node.ts';

/** How they begin, end and give back what they hold. */
export const badLives: readonly BadNode[] = [
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
];
