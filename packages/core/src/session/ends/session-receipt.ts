import type { Frame } from '../../media/frame.ts';
import type { Sink } from '../../operators/sink.ts';
import type { Cancel } from '../../time/clock.ts';
import { type Crossing, type Passage, promised } from '../passage/passage.ts';

/** What a device tells of an utterance: the receipts of transport have this shape. */
export interface Receipt {
  readonly frames: number;
  readonly start: number;
  readonly ready: Promise<boolean>;
  readonly accepted: Promise<void>;
  readonly started: Promise<boolean>;
  readonly finished: Promise<unknown>;
  mark(atMs: number, reached: () => void): Cancel;
}

/** A sink that tells what became of utterances, and what it plays. */
export interface SpeakingSink<F extends Frame> extends Sink<F, unknown> {
  utterance?(id: string): Receipt;
  playout?(): unknown;
}

const moments = ['ready', 'accepted', 'started', 'finished'] as const;

/** A receipt of the outside: each of its moments comes in when it is told. */
export function sessionReceipt(passage: Passage, end: string, id: string, get: () => Receipt): Receipt {
  let real: Receipt | undefined;
  const settle = new Map<string, (value: never) => void>();
  const moment = <T>(name: (typeof moments)[number]) => new Promise<T>((resolve) => settle.set(name, resolve));
  const crossing: Crossing = passage.open(end, (what, value) => settle.get(what)?.(value as never));
  const receipt: Receipt = {
    ready: moment('ready'),
    accepted: moment('accepted'),
    started: moment('started'),
    finished: moment('finished'),
    get frames() {
      return crossing.ask('frames', () => real!.frames, 0);
    },
    get start() {
      return crossing.ask('start', () => real!.start, Number.NaN);
    },
    mark: (atMs, reached) => sessionMark(passage, end, atMs, reached, () => real!),
  };
  crossing.call('utterance', id, () => {
    real = get();
    // Receipts of others may have fewer moments.
    for (const name of moments) void real[name]?.then((value: unknown) => crossing.tell(name, value));
  });
  return receipt;
}

function sessionMark(passage: Passage, end: string, atMs: number, reached: () => void, real: () => Receipt): Cancel {
  let cancel: Cancel = () => {};
  const crossing: Crossing = passage.open(end, () => {
    crossing.close();
    reached();
  });
  crossing.call('mark', atMs, () => {
    cancel = real().mark(atMs, () => crossing.tell('reached'));
  });
  return () => {
    crossing.close();
    cancel();
  };
}

/** An asynchronous function of the outside: what it answers comes in. */
export function sessionAsk<A extends readonly unknown[], R>(
  passage: Passage,
  end: string,
  work: (...args: A) => R | Promise<R>,
): (...args: A) => Promise<R> {
  return (...args) => promised(passage, end, 'ask', args, async () => work(...args));
}
