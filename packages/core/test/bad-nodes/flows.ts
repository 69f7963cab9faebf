import type { AudioFrame } from '../../src/media/audio-frame.ts';
import type { NodeBlueprint } from '../../src/node/define-node.ts';
import { defineNode } from '../../src/node/define-node.ts';
import { audioPort } from '../../src/node/port.ts';
import { micros } from '../../src/time/units.ts';
import { type BadNode, never, node, ports, refuse } from './bad-node.ts';

/** How they take what comes and wait for what is taken. */
export const badFlows: readonly BadNode[] = [
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
];
