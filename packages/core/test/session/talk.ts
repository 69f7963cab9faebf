import { AudioFrame, createSink, graph, micros, pushSource, type Sink, samplesToMicros } from '@sluice/core';
import type { SessionEnv, SessionProgram } from '@sluice/core/session';
import type { VirtualClock } from '@sluice/core/testing';
import { map } from 'rxjs';

const RATE = 16_000;

/** A live source outside: a frame of 20 ms each 20 ms, with a gap after each second; it ends after `count`. */
export function microphone(clock: VirtualClock, count: number) {
  return pushSource<AudioFrame>(
    { name: 'microphone', live: true, format: { kind: 'audio', sampleRate: RATE, channels: 1 } },
    (destination) => {
      let index = 0;
      let cancel = () => {};
      const tick = () => {
        const samples = Int16Array.from({ length: 320 }, (_, i) => 8_000 * Math.sin((index * 320 + i) / 7));
        const gap = index % 50 === 49 ? { duration: micros(1_000), reason: 'source' as const } : undefined;
        destination.next(
          new AudioFrame({
            samples,
            sampleRate: RATE,
            channels: 1,
            timestamp: samplesToMicros(index * 320, RATE),
            gap,
          }),
        );
        if (++index === count) destination.complete();
        else cancel = clock.at(clock.now() + 20, tick);
      };
      cancel = clock.at(clock.now() + 20, tick);
      return () => cancel();
    },
  );
}

/** A device outside: a write takes 15 ms of the clock, and it counts what it was given. */
export function device(clock: VirtualClock): Sink<AudioFrame, { samples: number }> & { readonly played: number[] } {
  const played: number[] = [];
  let samples = 0;
  const sink = createSink<AudioFrame, { samples: number }>({
    name: 'device',
    accepts: { kind: 'audio', sampleRate: RATE, channels: 1 },
    plays: true,
    open: () => ({
      write: (frame) => {
        samples += frame.length;
        played.push(...frame.samples);
        frame.close();
        return new Promise<void>((resolve) => void clock.at(clock.now() + 15, resolve));
      },
      position: () => samplesToMicros(samples, RATE),
      played: () => samplesToMicros(samples, RATE),
      end: () => ({ samples }),
    }),
  });
  return Object.assign(sink, { played });
}

/** What differs between two versions of a program. */
export interface Talk {
  readonly gain?: number;
  /** How long a timer inside waits, in ms. */
  readonly everyMs?: number;
}

/** A program: a microphone, made louder by chance, to a device; a command changes the gain. */
export function talk(clock: VirtualClock, { gain = 1, everyMs = 100 }: Talk = {}, count = 200) {
  return (env: SessionEnv) => {
    let factor = gain;
    const bot = graph('talk', { clock: env.clock, random: env.random });
    const tick = () => {
      factor = gain * (0.5 + env.random() / 2);
      env.clock.at(env.clock.now() + everyMs, tick);
    };
    tick();
    const sink = env.sink('mouth', () => device(clock));
    bot
      .from(env.source('ears', () => microphone(clock, count)))
      .pipe(map((frame: AudioFrame) => frame.derive({ samples: frame.samples.map((sample) => sample * factor) })))
      .to(sink);
    const setGain = env.control('gain', (value: number) => {
      factor = value;
      return env.clock.now();
    });
    return { graph: bot, setGain, sink };
  };
}

export type TalkProgram = SessionProgram<ReturnType<ReturnType<typeof talk>>>;
