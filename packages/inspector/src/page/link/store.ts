import type { Calls } from '../../protocol/calls.ts';
import type { Fleets } from '../../protocol/fleets.ts';
import { inspectLimits } from '../../protocol/limits.ts';
import type { Hello, InspectEvent, InspectMessage, Sample, Topology } from '../../protocol/messages.ts';
import type { Moment } from '../figures/moment.ts';
import { KEPT_MOMENTS, Past } from '../figures/past.ts';
import { Recent } from '../figures/recent.ts';
import { TalkLog } from '../figures/talk-log.ts';
import type { LinkSounds } from '../files/session-sound.ts';

/** `denied`: the token is not this process's. `lost`: the process does not answer, and is asked again. */
export type LinkStatus = 'connecting' | 'open' | 'denied' | 'lost' | 'replay';

/** What the page shows: what is now, or a moment of the past. */
export interface Shown {
  readonly topology: Topology | undefined;
  readonly sample: Sample | undefined;
  readonly recent: Recent;
}

/** What came from the process, newest of each kind; whoever listens is told after each change. */
export class Store {
  status: LinkStatus = 'connecting';
  hello: Hello | undefined;
  topology: Topology | undefined;
  sample: Sample | undefined;
  events: readonly InspectEvent[] = [];
  readonly recent = new Recent();
  readonly past: Past;
  readonly talk: TalkLog;
  /** What links carried, where a file has it. */
  sound: LinkSounds | undefined;
  /** Nothing is forgotten: it holds a file, which has an end. */
  readonly keepsAll: boolean;
  /** What was told of calls in the last five minutes, oldest first; empty where there are none. */
  calls: readonly Calls[] = [];
  /** The same of fleets. */
  fleets: readonly Fleets[] = [];
  /** The time that is looked at, in milliseconds since 1970; undefined for now. */
  looksAt: number | undefined;
  /** While it is, the page stands still; what comes is passed over. */
  paused = false;
  /** What is shown of a moment that is looked at, made once. */
  #moment: { readonly of: Moment; readonly shown: Shown } | undefined;
  readonly #listeners = new Set<() => void>();

  constructor({ keepsAll = false }: { readonly keepsAll?: boolean } = {}) {
    this.keepsAll = keepsAll;
    this.past = new Past(keepsAll ? Number.POSITIVE_INFINITY : undefined);
    this.talk = new TalkLog(keepsAll ? Number.POSITIVE_INFINITY : undefined);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  setStatus(status: LinkStatus): void {
    this.status = status;
    this.#tell();
  }

  /** Another process, or the same one again: what was known is of no use. */
  begin(hello: Hello): void {
    const goesOn = this.keepsAll && this.hello !== undefined;
    this.hello = hello;
    if (goesOn) return;
    this.topology = undefined;
    this.sample = undefined;
    this.events = [];
    this.recent.clear();
    this.past.clear();
    this.talk.clear();
    this.calls = [];
    this.fleets = [];
    this.looksAt = undefined;
    this.setStatus('open');
  }

  pause(paused: boolean): void {
    this.paused = paused;
    this.#tell();
  }

  /** Goes back to a time; undefined for now. What comes meanwhile is kept. */
  lookAt(t: number | undefined): void {
    this.looksAt = t;
    this.#tell();
  }

  /** What was told of calls up to the time that is looked at. */
  get callsShown(): readonly Calls[] {
    const { looksAt, calls } = this;
    return looksAt === undefined ? calls : calls.filter(({ t }) => t <= looksAt);
  }

  get fleetsShown(): readonly Fleets[] {
    const { looksAt, fleets } = this;
    return looksAt === undefined ? fleets : fleets.filter(({ t }) => t <= looksAt);
  }

  get shown(): Shown {
    const of = this.looksAt === undefined ? undefined : this.past.at(this.looksAt);
    if (of === undefined) return this;
    if (this.#moment?.of !== of) this.#moment = { of, shown: { ...of, recent: this.past.recentAt(of) } };
    return this.#moment.shown;
  }

  /** What is known, as it would be told to somebody who comes now. */
  known(): readonly InspectMessage[] {
    const { hello, topology, sample, events, talk, calls, fleets } = this;
    const told = [hello, topology, ...events, ...talk.known(), calls.at(-1), fleets.at(-1), sample];
    return told.filter((message) => message !== undefined);
  }

  /** All that is kept of what came, in the order of its kinds: each moment behind the topology that it has. */
  seen(): readonly InspectMessage[] {
    const { hello, events, talk, calls, fleets } = this;
    let before: Topology | undefined;
    const moments = this.past.moments.flatMap(({ topology, samples }): readonly InspectMessage[] => {
      const told = topology === before ? samples : [topology, ...samples];
      before = topology;
      return told;
    });
    return [...(hello === undefined ? [] : [hello]), ...moments, ...events, ...talk.known(), ...calls, ...fleets];
  }

  take(message: InspectMessage): void {
    if (message.type === 'hello') this.begin(message);
    else if (message.type === 'topology') this.#takeTopology(message);
    else if (message.type === 'event') this.events = this.#kept(this.events, message, inspectLimits.events);
    else if (message.type === 'calls') this.calls = this.#kept(this.calls, message, KEPT_MOMENTS);
    else if (message.type === 'fleets') this.fleets = this.#kept(this.fleets, message, KEPT_MOMENTS);
    else if (message.type === 'talk') this.talk.take(message);
    else if (message.type === 'sample' && !this.paused) this.#takeSample(message);
    else return;
    this.#tell();
  }

  /** A file is read before anybody looks: a copy with each of its messages would take the square of their number. */
  #kept<T>(before: readonly T[], news: T, most: number): readonly T[] {
    if (!this.keepsAll) return [...before, news].slice(-most);
    (before as T[]).push(news);
    return before;
  }

  #takeTopology(topology: Topology): void {
    this.topology = topology;
    // What is shown stays in the order of its own topology until a sample of the new one comes.
    this.recent.clear();
    this.sample = undefined;
  }

  #takeSample(sample: Sample): void {
    if (sample.revision !== this.topology?.revision) return;
    this.sample = sample;
    this.recent.push(sample);
    this.past.push(this.topology, sample);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
