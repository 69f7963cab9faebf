import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../../media/audio-frame.ts';
import type { Frame } from '../../media/frame.ts';
import { defineNode, type NodeBlueprint } from '../../node/define-node.ts';
import { audioPort, framePort, videoPort } from '../../node/port.ts';
import type { ActorContext } from '../../operators/actor-context.ts';
import { sleep } from '../../time/clock.ts';
import { micros, samplesToMicros } from '../../time/units.ts';
import { conform } from './conform.ts';
import type { NodeProfile } from './node-profile.ts';

interface Text extends Frame {
  readonly kind: 'text';
  readonly text: string;
}
const texts = (_port: string, index: number): Text => ({
  kind: 'text',
  text: 'x'.repeat(index % 4),
  timestamp: micros(index * 20_000),
});
const in16 = { in: audioPort({ sampleRate: 16_000, channels: 1 }) };
const out16 = { out: audioPort({ sampleRate: 16_000, channels: 1 }) };
const tone = (position: number) =>
  new AudioFrame({
    samples: new Int16Array(320).fill(1_000),
    sampleRate: 16_000,
    channels: 1,
    timestamp: samplesToMicros(position, 16_000),
  });
/** A model: its answer takes a while of the clock, or of the machine. */
const answers = {
  'a while of the clock': ({ clock, signal }: ActorContext) => sleep(clock, 35, signal),
  'a while of the machine': ({ clock }: ActorContext) =>
    clock.track(new Promise<void>((resolve) => setTimeout(resolve, 2))),
};

type GoodNode = readonly [what: string, make: () => unknown, profile?: NodeProfile];

const good: readonly GoodNode[] = [
  [
    'makes one frame many',
    defineNode({
      name: 'speaker',
      inputs: { text: framePort<Text>('text') },
      outputs: out16,
      create: () => {
        let position = 0;
        return {
          *onFrame(_port, { text }) {
            for (let left = 20 * text.length; left > 0; left--, position += 320) yield ['out', tone(position)];
          },
        };
      },
    }),
    { frames: texts },
  ],
  ...Object.entries(answers).map(
    ([what, answer]) =>
      [
        `asks a model that takes ${what}`,
        defineNode({
          name: 'denoiser',
          inputs: in16,
          outputs: out16,
          prefetch: async ({ signal }) => signal.throwIfAborted(),
          create: (_options, context) => ({
            async onFrame(_port, frame) {
              try {
                await answer(context);
                if (!context.signal.aborted && frame.epoch >= context.epoch) await context.send('out', frame.clone());
              } finally {
                frame.close();
              }
            },
          }),
        }),
      ] satisfies GoodNode,
  ),
  [
    'listens, and says little',
    defineNode({
      name: 'ears',
      inputs: { in: audioPort() },
      outputs: { out: framePort<Text>('text') },
      create: (_options: object, context) => {
        let heard = 0;
        return {
          onFrame: (_port, frame) => {
            frame.close();
            if (++heard % 3 === 0) context.emit('out', texts('out', heard));
          },
        };
      },
    }),
  ],
  [
    'splits what it gets',
    defineNode({
      name: 'splitter',
      inputs: { in: audioPort() },
      outputs: { left: audioPort(), right: audioPort() },
      create: (_options: object, context) => ({
        onFrame: (_port, frame) => {
          context.emit('left', frame.clone());
          context.emit('right', frame);
        },
      }),
    }),
  ],
  [
    'keeps what is said for its tail',
    defineNode({
      name: 'delay',
      inputs: { in: videoPort() },
      outputs: { out: videoPort() },
      maxHeld: 3,
      create: (_options: object, context) => {
        let kept: Parameters<typeof context.emit<'out'>>[1][] = [];
        const drop = () => {
          for (const frame of kept) frame.close();
          kept = [];
        };
        return {
          onFrame: (_port, frame) => {
            kept.push(frame);
            if (kept.length > 2) context.emit('out', kept.shift()!);
          },
          *onDrain() {
            for (let frame = kept.shift(); frame !== undefined; frame = kept.shift()) yield ['out', frame];
          },
          onInterrupt: drop,
          close: drop,
        };
      },
    }),
  ],
  [
    'has no output',
    defineNode({
      name: 'meter',
      inputs: { in: audioPort() },
      outputs: {},
      create: () => ({ onFrame: (_port, frame) => frame.close() }),
    }),
  ],
  [
    'has no input',
    defineNode({
      name: 'beeper',
      inputs: {},
      outputs: out16,
      live: () => true,
      create: (_options: object, context) => {
        const { clock } = context;
        let position = 0;
        let cancel = () => {};
        const tick = () => {
          context.emit('out', tone(position));
          position += 320;
          cancel = clock.at(clock.now() + 20, tick);
        };
        cancel = clock.at(clock.now(), tick);
        return { onStop: () => context.end(), close: () => cancel() };
      },
    }),
    { isSource: true },
  ],
  [
    'says what a callback threw',
    defineNode({
      name: 'asker',
      inputs: { in: audioPort() },
      outputs: { out: audioPort() },
      create: ({ ask = () => {} }: { ask?: () => void }, context) => ({
        onFrame: (_port, frame) => {
          context.emit('out', frame);
          ask();
        },
      }),
    }),
    {
      throwing: (error) =>
        defineNode({
          name: 'asker',
          inputs: { in: audioPort() },
          outputs: { out: audioPort() },
          create: (_options: object, context) => ({
            onFrame: (_port, frame) => {
              context.emit('out', frame);
              throw error;
            },
          }),
        })() as NodeBlueprint,
    },
  ],
];

describe('a node that is as it should be', () => {
  const named = good.map(([what, make, profile = {}]) => ({ what, make, profile }));
  it.each(named)('$what, and passes', async ({ make, profile }) => {
    const { checks } = await conform(make as () => NodeBlueprint, { kind: 'node', profile });
    const failed = checks.filter(({ passed, skipped }) => !passed && skipped === undefined);
    expect(failed).toEqual([]);
    expect(checks.length).toBeGreaterThan(35);
  });
});
