import {
  type ActorContext,
  type AudioFrame,
  createOperator,
  type OperatorHandlers,
  type OperatorSpec,
} from '@sluice/core';
import type { OperatorFunction, Subscriber } from 'rxjs';
import type { SoundProcessor } from '../kernels/sound-processor.ts';
import { ShapedSound } from './shaped-sound.ts';

/** How an operator takes sound through a processor. */
export interface ShapeSoundOptions<P extends SoundProcessor> {
  readonly spec: OperatorSpec;
  /** Called for each subscription: gives what makes a processor for a format. */
  readonly begin: () => (sampleRate: number, channels: number) => P;
  /** Those that run, for whoever changes them. */
  readonly running: Set<ShapedSound<P>>;
  /** Gets control messages. */
  readonly control?: Parameters<ActorContext['onControl']>[0];
}

/** An operator that takes sound through a processor. */
export function shapeSound<P extends SoundProcessor>(
  options: ShapeSoundOptions<P>,
): OperatorFunction<AudioFrame, AudioFrame> {
  return createOperator<AudioFrame, AudioFrame>(options.spec, (destination, context) =>
    handlers(options, destination, context),
  );
}

function handlers<P extends SoundProcessor>(
  { begin, running, control }: ShapeSoundOptions<P>,
  destination: Subscriber<AudioFrame>,
  context: ActorContext,
): OperatorHandlers<AudioFrame> {
  const sound = new ShapedSound(destination, context, begin());
  running.add(sound);
  const stopListening = context.onInterrupt((interruption) => sound.drop(interruption));
  const stopControl = control === undefined ? undefined : context.onControl(control);
  return {
    next: (frame) => sound.take(frame),
    complete() {
      sound.flush();
      destination.complete();
    },
    teardown() {
      stopListening();
      stopControl?.();
      running.delete(sound);
      sound.drop();
    },
  };
}
