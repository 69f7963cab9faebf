import { type Frame, idsOf } from '../media/frame.ts';
import { type Millis, microsToMillis } from '../time/units.ts';
import type { Actor, ActorLink } from './actors/actor.ts';
import { SinkActor } from './actors/sink-actor.ts';
import type { InterruptReceipt } from './contract.ts';
import { sinksBehind } from './topology.ts';

/** What an interruption meant for one sink. */
export interface SinkInterruption {
  /** The sink's id. */
  readonly node: string;
  /**
   * Media that left it since the start or the last interruption: played, for a device. A sink that tells nothing of
   * playing is taken at what it was given.
   */
  readonly heardMs: Millis;
  /** Media that was dropped in it and on the way to it. */
  readonly droppedMs: Millis;
}

/** A sink as it was when the interruption came. Media in microseconds. */
interface Reached {
  readonly sink: SinkActor;
  readonly cut: boolean;
  /** Whether the sink knows what has left it. */
  readonly tells: boolean;
  /** What had left it since the last interruption, and how much of it had left sinks that a restart replaced. */
  readonly left: number;
  readonly leftByFormer: number;
}

/** What had left a sink outside the scope when an actor was interrupted last, or was added. */
const remembered = new WeakMap<Actor, WeakMap<SinkActor, number>>();

/**
 * Counts what one interruption cut, by node and by link. What is lost on the way to several sinks is lost to each of
 * them; what comes together in a join is as much as the input that lost most, because it was to be played at once.
 */
export class InterruptTally {
  readonly work: Promise<unknown>[] = [];
  readonly #dropped = new Map<Actor | ActorLink, number>();
  readonly #heard = new Map<Actor, number>();
  /** The links that led to each node when it was cut: a change may take them away before everything is told. */
  readonly #ways = new Map<Actor, (readonly ActorLink[])[]>();
  readonly #reached: readonly Reached[];
  readonly #utterances = new Set<string>();

  constructor(actors: readonly Actor[]) {
    const scope = new Set(actors);
    const sinks = sinksBehind(actors);
    this.#reached = sinks.map((sink) => leftOf(sink, scope));
    for (const actor of [...actors, ...sinks]) this.#note(actor);
    for (const sink of sinks) {
      if (scope.has(sink)) sink.cut();
      else for (const actor of actors) remember(actor, sink);
    }
  }

  /** A frame that an interruption found on a link. */
  readonly lost = ({ utterance }: Frame): void => {
    if (utterance !== undefined) for (const id of idsOf(utterance)) this.#utterances.add(id);
  };

  /** Sinks that play on learn which utterances will not come whole. */
  tellSinks(): void {
    if (this.#utterances.size === 0) return;
    for (const { sink, cut } of this.#reached) if (!cut) sink.spec?.lost?.([...this.#utterances]);
  }

  /** What an actor calls to say what it dropped and played. */
  receiptOf(actor: Actor): InterruptReceipt {
    return {
      dropped: (micros) => this.dropped(actor, micros),
      heard: (micros) => this.#heard.set(actor, (this.#heard.get(actor) ?? 0) + micros),
      wait: (work) => {
        this.work.push(work);
      },
    };
  }

  dropped(where: Actor | ActorLink, micros: number): void {
    if (micros > 0) this.#dropped.set(where, (this.#dropped.get(where) ?? 0) + micros);
  }

  /** What each sink heard and lost, and the most of them all. */
  report(): { readonly heardMs: Millis; readonly droppedMs: Millis; readonly sinks: readonly SinkInterruption[] } {
    const lost = new Map<Actor, number>();
    const sinks = this.#reached.map((one) => ({
      node: one.sink.id,
      heardMs: microsToMillis(this.#heardBy(one)),
      droppedMs: microsToMillis(this.#droppedBefore(one.sink, lost)),
    }));
    let dropped = 0;
    for (const actor of this.#ways.keys()) dropped = Math.max(dropped, this.#droppedBefore(actor, lost));
    return { heardMs: microsToMillis(this.#mostHeard()), droppedMs: microsToMillis(dropped), sinks };
  }

  #heardBy({ sink, cut, left, leftByFormer }: Reached): number {
    const told = cut ? this.#heard.get(sink) : undefined;
    return told === undefined ? left : told + leftByFormer;
  }

  /** A file may be written faster than anybody listens: who plays is asked first. */
  #mostHeard(): number {
    const playing = this.#reached.filter((one) => one.tells || this.#heard.has(one.sink));
    const told = [...this.#heard].filter(([actor]) => !(actor instanceof SinkActor)).map(([, micros]) => micros);
    const known = [...playing.map((one) => this.#heardBy(one)), ...told];
    return Math.max(0, ...(known.length > 0 ? known : this.#reached.map((one) => one.left)));
  }

  #note(actor: Actor): void {
    if (this.#ways.has(actor)) return;
    const ways = actor.inputs.map((port) => port.links);
    this.#ways.set(actor, ways);
    for (const links of ways) for (const { from } of links) this.#note(from.actor);
  }

  #droppedBefore(actor: Actor, lost: Map<Actor, number>): number {
    const known = lost.get(actor);
    if (known !== undefined) return known;
    // Links may circle.
    lost.set(actor, 0);
    let most = 0;
    for (const links of this.#ways.get(actor) ?? []) {
      let sum = 0;
      for (const link of links) sum += (this.#dropped.get(link) ?? 0) + this.#droppedBefore(link.from.actor, lost);
      most = Math.max(most, sum);
    }
    const total = most + (this.#dropped.get(actor) ?? 0);
    lost.set(actor, total);
    return total;
  }
}

/** What is added to a graph that runs has had no part in what its sinks played before. */
export function rememberSinks(actors: readonly Actor[]): void {
  for (const actor of actors) for (const sink of sinksBehind([actor])) remember(actor, sink);
}

function remember(actor: Actor, sink: SinkActor): void {
  if (!remembered.has(actor)) remembered.set(actor, new WeakMap());
  remembered.get(actor)!.set(sink, sink.left);
}

function leftOf(sink: SinkActor, scope: ReadonlySet<Actor>): Reached {
  const { left, leftAtCut, leftByFormer, tells } = sink;
  if (scope.has(sink)) return { sink, cut: true, tells, left: left - leftAtCut, leftByFormer };
  // It plays on: the scope's share begins where the scope was interrupted last.
  let since = Number.POSITIVE_INFINITY;
  for (const actor of scope) since = Math.min(since, remembered.get(actor)?.get(sink) ?? 0);
  return { sink, cut: false, tells, left: left - Math.max(leftAtCut, since), leftByFormer };
}
