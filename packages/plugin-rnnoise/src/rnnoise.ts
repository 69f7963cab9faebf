import { type AudioFrame, createOperator } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { DenoisedStream } from './denoised-stream.ts';
import { loadedRnnoise, loadRnnoise, type RnnoiseModule } from './load-rnnoise.ts';
import { sampleRate } from './refuse-sound.ts';
import { UntilLoaded } from './until-loaded.ts';

/**
 * Takes noise away and leaves voices, with RNNoise (a small recurrent network, as WebAssembly).
 *
 * Takes audio at 48 kHz with any number of channels, each by itself; in a graph the link converts to that, elsewhere put
 * `resample({ sampleRate: 48000 })` before it. As many samples leave as entered, in frames of 10 ms with the timestamps of the
 * samples they were; a block leaves when the one behind it is complete: it adds at most 20 ms of latency. The tail leaves
 * at the end, before a gap, a change of format, a timestamp that does not follow, and when a live stream pauses; what
 * comes then begins anew in time, and keeps what was learned of the noise. An interruption, or a frame of a new epoch, drops
 * what is kept, and nothing of it sounds later. Frames are closed and new ones leave. Until the library has been loaded, which
 * the first subscription does, frames wait and their source is held back.
 *
 * @example
 * ```ts
 * fromWavFile('street.wav').pipe(resample({ sampleRate: 48000 }), rnnoise()).subscribe(toWavFile('voice.wav'));
 * ```
 */
export function rnnoise(): OperatorFunction<AudioFrame, AudioFrame> {
  const spec = { name: 'rnnoise', accepts: { kind: 'audio', sampleRate }, latencyMs: 20 } as const;
  return createOperator<AudioFrame, AudioFrame>(spec, (destination, context) => {
    const frames = new UntilLoaded(context, () => destination.complete());
    const begin = (wasm: RnnoiseModule) => {
      if (!frames.closed) frames.begin(new DenoisedStream(wasm, destination, context));
    };
    const wasm = loadedRnnoise();
    if (wasm !== undefined) begin(wasm);
    else
      context.clock
        .track(loadRnnoise())
        .then(begin)
        .catch((error: unknown) => destination.error(error));
    const stopListening = context.onInterrupt((interruption) => frames.interrupt(interruption));
    return {
      next: (frame) => frames.take(frame),
      complete: () => frames.end(),
      teardown() {
        stopListening();
        frames.close();
      },
    };
  });
}
