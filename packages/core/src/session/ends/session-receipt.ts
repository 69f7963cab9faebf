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
  glitches?(): number | undefined;
}

const moments = ['ready', 'accepted', 'started', 'finished'] as const;

/** Receipts that are kept; a device keeps as many. */
const MOST_RECEIPTS = 256;

/** Receipts of a sink. The same one outside is the same one inside: whoever asks again sees by that whether there is news. */
export class SessionReceipts {
  readonly #passage: Passage;
  readonly #end: string;
  readonly #crossing: Crossing;
  /** Outside: the numbers of receipts. */
  readonly #numbers = new WeakMap<Receipt, number>();
  readonly #known = new Map<number, Receipt>();
  #count = 0;

  constructor(passage: Passage, end: string, crossing: Crossing) {
    this.#passage = passage;
    this.#end = end;
    this.#crossing = crossing;
  }

  of(id: string, get: () => Receipt): Receipt {
    let real: Receipt | undefined;
    const number = this.#crossing.ask(
      'receipt',
      () => {
        real = get();
        return this.#numberOf(real);
      },
      -1,
    );
    const known = this.#known.get(number);
    if (known !== undefined) return known;
    const receipt = sessionReceipt(this.#passage, this.#end, id, () => real!);
    this.#known.set(number, receipt);
    if (this.#known.size > MOST_RECEIPTS) this.#known.delete(this.#known.keys().next().value!);
    return receipt;
  }

  #numberOf(real: Receipt): number {
    let number = this.#numbers.get(real);
    number ??= this.#count++;
    this.#numbers.set(real, number);
    return number;
  }
}

/** A receipt of the outside: each of its moments comes in when it is told. */
function sessionReceipt(passage: Passage, end: string, id: string, get: () => Receipt): Receipt {
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
