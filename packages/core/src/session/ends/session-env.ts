// What a recorded program has of the outside: its clock, its chance, and ends through which sources, sinks, models and
// commands come in. The same for a recording and a replay.

import type { Observable } from 'rxjs';
import { invalidArgument } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Frame } from '../../media/frame.ts';
import type { Sink } from '../../operators/sink.ts';
import type { Source } from '../../operators/source.ts';
import type { Clock } from '../../time/clock.ts';
import { isVoiceModel } from '../../voice/model.ts';
import type { Passage } from '../passage/passage.ts';
import { type Made, made } from './made.ts';
import type { AnyModel } from './model-facts.ts';
import { sessionModel } from './session-model.ts';
import { sessionAsk } from './session-receipt.ts';
import { sessionSink } from './session-sink.ts';
import { sessionSource } from './session-source.ts';

/**
 * What a program takes from outside. Ends are known by their names; each may be given as a function that makes it, which a
 * replay never calls. What is not taken through here happens as it happens: a replay does not know of it.
 */
export interface SessionEnv {
  /** Whether there is no outside: what comes from it is read from a session. */
  readonly replaying: boolean;
  /** For `graph(name, { clock })`. It stands still while something that came in is handled. */
  readonly clock: Clock;
  /** For `graph(name, { random })`, and whatever else is left to chance. */
  readonly random: () => number;
  /**
   * A live source: a call, a device. Sources that are read (files) need none: a replay reads them again.
   *
   * @throws TypeError for a source that is not live
   */
  source<F extends Frame>(name: string, source: Made<Observable<F>>): Source<F>;
  /** A sink whose bytes are compared: a device, a file. What it answers comes in; `utterance` and `playout` are kept. */
  sink<S extends Sink<never, unknown>>(name: string, sink: Made<S>): S;
  /** A model of `@sluice/core/voice`: its events come in. */
  model<M extends { readonly kind: string; readonly open: unknown }>(name: string, model: Made<M>): M;
  /** An asynchronous function of the outside, a tool for example: its answer comes in. Arguments and answer are plain data. */
  ask<A extends readonly unknown[], R>(name: string, work: (...args: A) => R | Promise<R>): (...args: A) => Promise<R>;
  /**
   * A command to the program. What is returned is for the outside: called, it lets `handle` be called in its turn. On a
   * replay only the session calls it. Arguments are plain data.
   */
  control<A extends readonly unknown[], R>(
    name: string,
    handle: (...args: A) => R | Promise<R>,
  ): (...args: A) => Promise<R>;
}

/** What a program gives: its graph, which is not started yet, alone or among other things. */
export type SessionResult =
  | Graph
  | {
      /** Neither started nor run. */
      readonly graph: Graph;
    };

/** Builds a graph of what comes from outside. Called once for each recording and each replay. */
export type SessionProgram<R extends SessionResult = SessionResult> = (env: SessionEnv) => R | Promise<R>;

/** The environment at a border. */
export function sessionEnv(passage: Passage): SessionEnv {
  const names = new Map<string, number>();
  // The same name again is another end: a sink that is made anew when its node is restarted.
  const named = (call: string, name: string) => {
    if (typeof name !== 'string' || name === '') throw invalidArgument(`env.${call}`, 'a name', name);
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  };
  return {
    replaying: passage.outside === undefined,
    clock: passage.clock,
    random: () => passage.random(),
    source: (name, source) => sessionSource(passage, named('source', name), source),
    // The border has whatever of the sink a graph or a caller knows: the same type.
    sink: (name, sink) => sessionSink(passage, named('sink', name), sink as never) as never,
    model: <M extends { readonly kind: string; readonly open: unknown }>(name: string, make: Made<M>) => {
      const end = named('model', name);
      const real = passage.outside && made(make);
      if (real !== undefined && !isVoiceModel(real)) throw invalidArgument(`env.model(${name})`, 'a voice model', real);
      // It has every fact of the model, and its calls.
      return sessionModel(passage, end, real as unknown as AnyModel | undefined) as unknown as M;
    },
    ask: (name, work) => sessionAsk(passage, named('ask', name), work),
    control: <A extends readonly unknown[], R>(name: string, handle: (...args: A) => R | Promise<R>) =>
      passage.control(named('control', name), (args) => handle(...(args as unknown as A))) as (
        ...args: A
      ) => Promise<R>,
  };
}
