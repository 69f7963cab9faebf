import type { NodeBlueprint } from '../../src/node/define-node.ts';
import { defineNode } from '../../src/node/define-node.ts';
import { micros } from '../../src/time/units.ts';
import { burnCpu } from '../burn-cpu.ts';
import { type BadNode, changing, never, node, passing, ports, refuse } from './bad-node.ts';

/** What they make of media, and of faults. */
export const badMedia: readonly BadNode[] = [
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
