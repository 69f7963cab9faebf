import { AudioFrame } from '../../src/media/audio-frame.ts';
import { samplesToMicros } from '../../src/time/units.ts';
import { type BadNode, keeping, node } from './bad-node.ts';

/** What they do when what they have becomes void. */
export const badInterruptions: readonly BadNode[] = [
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
];
