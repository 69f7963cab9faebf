import { invalidArgument } from '../../errors.ts';
import type { Frame } from '../../media/frame.ts';
import { closeFrame } from '../../media/frame.ts';
import type { MediaConstraint } from '../../media/media-format.ts';
import type { ActorContext } from '../../operators/actor-context.ts';
import { NODE, type SinkSpec, sinkSpec } from '../../operators/node-spec.ts';
import type { Sink } from '../../operators/sink.ts';
import type { Micros } from '../../time/units.ts';
import { type Crossing, type Passage, promised } from '../passage/passage.ts';
import { type Made, made } from './made.ts';
import { markEnd } from './marked-ends.ts';
import { outerContext } from './outer-context.ts';
import { type Receipt, SessionReceipts, type SpeakingSink } from './session-receipt.ts';

/** What a replay has to know of a sink that it does not have. */
interface SinkFacts {
  readonly name: string;
  readonly accepts?: MediaConstraint;
  readonly maxHeld?: number;
  readonly prepares: boolean;
  readonly plays: boolean;
  readonly pauses: boolean;
  /** Whether it tells of utterances, and of what it plays. */
  readonly utterances: boolean;
  readonly playout: boolean;
  readonly glitches: boolean;
}

const unknownSink: SinkFacts = {
  name: 'sink',
  prepares: false,
  plays: false,
  pauses: false,
  utterances: false,
  playout: false,
  glitches: false,
};

/** A sink at the border: what is written to it goes out, and what it answers comes in. */
export function sessionSink<F extends Frame>(
  passage: Passage,
  end: string,
  make: Made<Sink<F, unknown>>,
): Sink<F, unknown> {
  const real = passage.outside && made(make);
  const spec = real && sinkSpec(real);
  if (real !== undefined && spec === undefined)
    throw invalidArgument(`env.sink(${end})`, 'a sink, as createSink and the to functions make it', real);
  return new SessionSink(passage, end, real as SpeakingSink<F> | undefined, spec).sink;
}

class SessionSink<F extends Frame> {
  readonly sink: Sink<F, unknown>;
  readonly #passage: Passage;
  readonly #end: string;
  readonly #real: SpeakingSink<F> | undefined;
  readonly #spec: SinkSpec | undefined;
  readonly #crossing: Crossing;
  readonly #receipts: SessionReceipts;
  #context: ((what: string, value: unknown) => boolean) | undefined;
  #failed: (reason: Error) => void = () => {};
  #finish!: (result: unknown) => void;
  #break!: (reason: unknown) => void;

  constructor(passage: Passage, end: string, real: SpeakingSink<F> | undefined, spec: SinkSpec | undefined) {
    this.#passage = passage;
    this.#end = end;
    this.#real = real;
    this.#spec = spec;
    this.#crossing = passage.open(end, this.#told);
    this.#receipts = new SessionReceipts(passage, end, this.#crossing);
    const facts = this.#crossing.ask('sink', () => factsOf(real!, spec!), unknownSink);
    const finished = new Promise<unknown>((resolve, reject) => {
      this.#finish = resolve;
      this.#break = reject;
    });
    real?.finished.then(
      (result) => this.#crossing.tell('finished', result),
      (error: unknown) => this.#crossing.tell('broken', error),
    );
    const { utterances, playout, glitches } = facts;
    this.sink = {
      next: this.#next,
      error: (reason) => this.#call('error', reason, () => real!.error(reason)),
      complete: () => this.#call('complete', undefined, () => real!.complete()),
      finished,
      [NODE]: markEnd(this.#specOf(facts, finished)),
      ...(utterances && { utterance: (id: string) => this.#utterance(id) }),
      ...(playout && { playout: () => this.#ask('playout', () => real!.playout!(), { audible: false, queuedMs: 0 }) }),
      // For those who look at a graph, which they do at any time: no record, and unknown in a replay.
      ...(glitches && { glitches: () => real?.glitches?.() }),
    };
  }

  #specOf({ name, accepts, maxHeld, prepares, plays, pauses }: SinkFacts, finished: Promise<unknown>): SinkSpec {
    const spec = this.#spec;
    const promise = <T>(what: string, value: unknown, act: () => Promise<T>) =>
      promised(this.#passage, this.#end, what, value, act);
    return {
      name,
      finished,
      ...(accepts && { accepts }),
      ...(maxHeld !== undefined && { maxHeld }),
      attach: (context, failed) => this.#attach(context, failed),
      abort: (reason) => this.#call('abort', undefined, () => spec!.abort(reason)),
      problems: () => spec?.problems?.() ?? [],
      glitches: () => spec?.glitches?.(),
      played: () => this.#ask('played', () => spec!.played?.(), undefined),
      lost: (utterances) => this.#call('lost', utterances, () => spec!.lost?.(utterances)),
      ...(prepares && { prepare: () => promise('prepare', undefined, () => spec!.prepare!()) }),
      ...(plays && { position: () => this.#ask<Micros | undefined>('position', () => spec!.position!(), undefined) }),
      ...(pauses && {
        pause: (fadeMs) => promise('pause', fadeMs, () => spec!.pause!(fadeMs)),
        resume: () => this.#call('resume', undefined, () => spec!.resume!()),
      }),
    };
  }

  #attach(context: ActorContext, failed: ((reason: Error) => void) | undefined): void {
    const { outer, told } = outerContext(context, this.#passage.outside, () => this.#crossing);
    this.#context = told;
    if (failed !== undefined) this.#failed = failed;
    this.#call('attach', undefined, () =>
      this.#spec!.attach(outer!, failed && ((reason) => this.#crossing.tell('failed', reason))),
    );
  }

  readonly #next = (frame: F): void => {
    // With no sink outside nobody else closes it.
    if (this.#real === undefined) {
      this.#crossing.call('frame', frame, () => {}, 'bytes');
      closeFrame(frame);
    } else this.#crossing.call('frame', frame, () => this.#real!.next(frame), 'bytes');
  };

  readonly #told = (what: string, value: unknown): void => {
    if (what === 'finished') this.#finish(value);
    else if (what === 'broken') this.#break(value);
    else if (what === 'failed') this.#failed(value as Error);
    else this.#context?.(what, value);
  };

  #utterance(id: string): Receipt {
    return this.#receipts.of(id, () => this.#real!.utterance!(id));
  }

  #call(what: string, value: unknown, act: () => void): void {
    this.#crossing.call(what, value, act);
  }

  #ask<T>(what: string, look: () => T, otherwise: T): T {
    return this.#crossing.ask(what, look, otherwise);
  }
}

function factsOf(real: SpeakingSink<never>, spec: SinkSpec): SinkFacts {
  const { name, accepts, maxHeld } = spec;
  return {
    name,
    prepares: spec.prepare !== undefined,
    plays: spec.position !== undefined,
    pauses: spec.pause !== undefined,
    utterances: typeof real.utterance === 'function',
    playout: typeof real.playout === 'function',
    glitches: typeof real.glitches === 'function',
    ...(accepts && { accepts }),
    ...(maxHeld !== undefined && { maxHeld }),
  };
}
