import { AudioFrame } from '../../src/media/audio-frame.ts';
import { defineNode, type NodeBlueprint, type NodeContext, type NodeHandlers } from '../../src/node/define-node.ts';
import { audioPort, type PortSpec } from '../../src/node/port.ts';
import type { NodeProfile } from '../../src/testing/conformance/node-profile.ts';
import { samplesToMicros } from '../../src/time/units.ts';

type Audio = { readonly in: PortSpec<AudioFrame> };
export type Handlers = NodeHandlers<Audio, undefined, { readonly out: PortSpec<AudioFrame> }>;
export type Context = NodeContext<{ readonly out: PortSpec<AudioFrame> }>;

export const ports = { inputs: { in: audioPort() }, outputs: { out: audioPort() } } as const;
export const node = (create: (context: Context) => Handlers) => () =>
  defineNode({ name: 'bad', ...ports, create: (_options: object, context) => create(context) })() as NodeBlueprint;
/** Passes frames on, and does what is given beside. */
export const passing = (more: (context: Context) => Omit<Handlers, 'onFrame'>) =>
  node((context) => ({ onFrame: (_port, frame) => context.emit('out', frame), ...more(context) }));
/** Passes what `change` makes of each frame. */
export const changing = (change: (frame: AudioFrame) => AudioFrame) =>
  node((context) => ({ onFrame: (_port, frame) => context.emit('out', change(frame)) }));
export const never = () => new Promise<void>(() => {});
/** Throws what a node would say that cannot take something. */
export const refuse = (what: string): never => {
  throw new Error(what);
};
/** Keeps the last frame, and lets it go when told. */
export const keeping = (letGo: (drop: () => void) => Omit<Handlers, 'onFrame'>) =>
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

export interface BadNode {
  /** The check that names it. */
  readonly breaks: string;
  readonly what: string;
  readonly make: () => NodeBlueprint;
  readonly profile?: NodeProfile;
  /** What else it breaks, and why that cannot be otherwise. */
  readonly also?: Readonly<Record<string, string>>;
}

/** 20 ms in which nothing is heard. */
export function quiet(index: number): AudioFrame {
  const timestamp = samplesToMicros(index * 320, 16_000);
  return new AudioFrame({ samples: new Int16Array(320), sampleRate: 16_000, channels: 1, timestamp });
}
