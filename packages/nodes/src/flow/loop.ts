import {
  type ActorContext,
  type AudioFrame,
  actorContext,
  BareFlow,
  checkKeys,
  createOperator,
  describeOperator,
  type Micros,
  microsToSamples,
  pullSource,
  SluiceError,
  samplesToMicros,
  withContext,
} from '@sluice/core';
import type { Observable, OperatorFunction, Subscriber } from 'rxjs';
import { checkChoice, checkMs, checkNumber } from '../options/check-option.ts';

/** How often {@link loop} plays a stream, and from where. */
export interface LoopOptions {
  /** How often the stream is played in all, 1 or more. Default `Infinity`. */
  readonly count?: number;
  /**
   * `memory` keeps the stream and plays it again from there; `source` subscribes to the source again and keeps nothing,
   * which takes a source that can be read twice, right before this operator and outside a graph. Default `memory`.
   */
  readonly from?: 'memory' | 'source';
  /** Media that `memory` may keep, in milliseconds; more is an error. Default 60,000. */
  readonly maxKeptMs?: number;
}

/**
 * Plays a whole stream again and again.
 *
 * Timestamps go on without a hole. From memory, repetitions are pulled: they leave as fast as the receiver has room, so
 * put `pace` behind. An empty stream ends at once. An interruption is no end: the loop goes on in the new epoch. Adds no
 * latency. For a long file, `fromWavFile(path, { loop: true })` needs no memory at all.
 *
 * @example
 * ```ts
 * fromWavFile('ring.wav').pipe(loop({ count: 3 }), pace()).subscribe(toMicrophone(mic));
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 */
export function loop(options: LoopOptions = {}): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<LoopOptions>('loop', options, { count: true, from: true, maxKeptMs: true });
  const { count = Number.POSITIVE_INFINITY, from = 'memory', maxKeptMs = 60_000 } = options;
  checkNumber('loop.count', count, { min: 1, max: Number.POSITIVE_INFINITY, unit: 'times', integer: true });
  checkChoice('loop.from', from, ['memory', 'source']);
  checkMs('loop.maxKeptMs', maxKeptMs);
  return from === 'memory' ? loopFromMemory(count, maxKeptMs) : loopFromSource(count);
}

function loopFromMemory(count: number, maxKeptMs: number): OperatorFunction<AudioFrame, AudioFrame> {
  return createOperator<AudioFrame, AudioFrame>({ name: 'loop', restamps: true }, (destination, context) => {
    const kept: AudioFrame[] = [];
    let keptMicros = 0;

    const keep = (frame: AudioFrame) => {
      keptMicros += frame.duration;
      if (keptMicros > maxKeptMs * 1000) {
        frame.close();
        throw new SluiceError('SLUICE_CHAIN_OVERFLOW', 'the stream is too long for loop to keep', {
          expected: `at most ${maxKeptMs} ms`,
          fix: "Use the source's own loop option, `from: 'source'`, or raise maxKeptMs",
        });
      }
      kept.push(frame.clone());
    };
    return {
      next(frame) {
        if (count > 1) keep(frame);
        destination.next(frame);
      },
      complete() {
        if (kept.length === 0) destination.complete();
        else replay(kept, count, context).subscribe(destination);
      },
      teardown() {
        for (const frame of kept.splice(0)) frame.close();
      },
    };
  });
}

function replay(kept: readonly AudioFrame[], count: number, context: ActorContext): Observable<AudioFrame> {
  const first = kept[0]!;
  const last = kept.at(-1)!;
  /** Length of the stream in samples of the first frame's rate: repetitions are placed by it, so rounding never adds up. */
  const length = microsToSamples(last.timestamp + last.duration - first.timestamp, first.sampleRate);
  let pass = 1;
  let index = 0;
  return pullSource<AudioFrame>({ name: 'loop' }, () => ({
    read() {
      if (index === kept.length) {
        index = 0;
        pass++;
      }
      const frame = kept[index++];
      if (frame === undefined || pass >= count) return null;
      const timestamp = (frame.timestamp + samplesToMicros(pass * length, first.sampleRate)) as Micros;
      return frame.clone().move({ timestamp, epoch: Math.max(frame.epoch, context.epoch) });
    },
  }));
}

function loopFromSource(count: number): OperatorFunction<AudioFrame, AudioFrame> {
  return describeOperator(
    { name: 'loop', restamps: true },
    (source) =>
      new BareFlow((destination) => {
        const context = actorContext();
        let pass = 0;
        let shift = 0;
        let subscribing = false;
        let again = false;

        const start = () => {
          again = true;
          if (subscribing) return;
          subscribing = true;
          while (again && !destination.closed) {
            again = false;
            withContext(context, () => source.pipe(turn()).subscribe(forward(destination)));
          }
          subscribing = false;
        };
        const turn = () =>
          createOperator<AudioFrame, AudioFrame>({ name: 'loop' }, (inner) => {
            destination.add(inner);
            const offset = shift;
            let frames = 0;
            return {
              next(frame) {
                frames++;
                shift = offset + frame.timestamp + frame.duration;
                destination.next(
                  offset === 0 ? frame : frame.move({ timestamp: (frame.timestamp + offset) as Micros }),
                );
              },
              complete() {
                pass++;
                inner.complete();
                if (frames === 0 && pass > 1) destination.error(exhausted());
                else if (frames === 0 || pass >= count) destination.complete();
                else start();
              },
            };
          });
        start();
      }),
  );
}

function forward(destination: Subscriber<AudioFrame>) {
  return { error: (error: unknown) => destination.error(error) };
}

function exhausted(): SluiceError {
  return new SluiceError('SLUICE_LOOP_SOURCE', 'the source gave nothing when it was played again', {
    expected: 'a source that can be subscribed to twice',
    fix: "Use `from: 'memory'`, or the source's own loop option",
  });
}
