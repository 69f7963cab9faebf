import {
  type ActorContext,
  type ControlMessage,
  type Interruption,
  nothingWaits,
} from '../../operators/actor-context.ts';
import type { Clock } from '../../time/clock.ts';
import type { Crossing } from '../passage/passage.ts';

/**
 * The two halves of an actor's context at the border: `outer` is what a source or sink outside sees, `told` takes what it
 * says of itself and does it to the actor inside.
 */
export interface OuterContext {
  readonly outer: ActorContext | undefined;
  /** Whether it was for the context. */
  readonly told: (what: string, value: unknown) => boolean;
}

/** `inner` is the actor's own context; `clock` the one outside, undefined where there is none. */
export function outerContext(inner: ActorContext, clock: Clock | undefined, crossing: () => Crossing): OuterContext {
  const interrupts = new Set<(interruption: Interruption) => void>();
  const controls = new Set<(message: ControlMessage) => boolean>();
  const holds: (() => void)[] = [];
  const kept = new Map<number, () => void>();
  /** Inside: interruptions that may still be told of, and waits of theirs. */
  const cuts = new Map<number, Interruption>();
  const waits = new Map<number, () => void>();
  // Each side counts what it makes: a replay has no outside whose waits it could count.
  let cutCount = 0;
  let count = 0;
  const tell = (what: string, value?: unknown) => crossing().tell(what, value);

  inner.onInterrupt((interruption) => {
    const { epoch, fadeMs } = interruption;
    const cut = cutCount++;
    cuts.set(cut, interruption);
    crossing().call('interrupt', { epoch, fadeMs }, () => {
      const told: Interruption = {
        epoch,
        fadeMs,
        dropped: (us) => tell('dropped', [cut, us]),
        heard: (us) => tell('heard', [cut, us]),
        wait: (work) => {
          const wait = count++;
          tell('wait', [cut, wait]);
          const over = () => tell('waited', [cut, wait]);
          work.then(over, over);
        },
      };
      for (const listener of [...interrupts]) listener(told);
    });
  });
  inner.onControl((message) => {
    let taken = false;
    crossing().call('control', message, () => {
      for (const listener of [...controls]) taken = listener(message) || taken;
    });
    return crossing().ask('taken', () => taken, false);
  });

  const listen = <L>(listeners: Set<L>, listener: L) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const release = () => tell('release');
  const outer: ActorContext | undefined = clock && {
    name: inner.name,
    clock,
    random: Math.random,
    signal: inner.signal,
    get epoch() {
      return inner.epoch;
    },
    get paced() {
      return inner.paced;
    },
    hasRoom: true,
    waiting: () => (inner.signal.aborted ? nothingWaits : inner.waiting()),
    whenRoom: (callback) => {
      callback();
      return () => {};
    },
    hold: () => {
      tell('hold');
      return release;
    },
    onInterrupt: (listener) => listen(interrupts, listener),
    onControl: (listener) => listen(controls, listener),
    keepAlive: (label) => {
      const key = count++;
      tell('keep', [key, label]);
      return () => tell('let', key);
    },
    report: (error) => tell('report', error),
    countInvalid: (samples) => tell('invalid', samples),
  };

  const handlers: Record<string, (value: never) => void> = {
    hold: () => holds.push(inner.hold()),
    release: () => holds.pop()?.(),
    dropped: ([cut, us]: [number, number]) => cuts.get(cut)?.dropped(us),
    heard: ([cut, us]: [number, number]) => cuts.get(cut)?.heard(us),
    wait: ([cut, wait]: [number, number]) => cuts.get(cut)?.wait(new Promise<void>((over) => waits.set(wait, over))),
    waited: ([cut, wait]: [number, number]) => {
      waits.get(wait)?.();
      waits.delete(wait);
      if (waits.size === 0) for (const before of cuts.keys()) if (before < cut) cuts.delete(before);
    },
    keep: ([key, label]: [number, string]) => kept.set(key, inner.keepAlive(label)),
    let: (key: number) => {
      kept.get(key)?.();
      kept.delete(key);
    },
    report: (error: unknown) => inner.report(error),
    invalid: (samples: number) => inner.countInvalid(samples),
  };
  const told = (what: string, value: unknown) => {
    if (!Object.hasOwn(handlers, what)) return false;
    handlers[what]!(value as never);
    return true;
  };
  return { outer, told };
}
