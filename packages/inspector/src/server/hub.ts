// Who looks, and what they are told: clients on sockets, the page and the HTTP answers. What a graph is asked is a matter of
// `watch`, what a link is of `scope`.

import { type Cancel, type Graph, SluiceError } from '@sluice/core';
import type { InspectedCall } from '../protocol/calls.ts';
import type { InspectedFleet } from '../protocol/fleets.ts';
import { inspectLimits } from '../protocol/limits.ts';
import type { InspectEvent, InspectMessage, Sample, Topology } from '../protocol/messages.ts';
import { CallWatch } from '../watch/call-watch.ts';
import { FleetWatch } from '../watch/fleet-watch.ts';
import { type GraphEvent, watchEvents } from '../watch/graph-events.ts';
import { ObservedGraph } from '../watch/observed-graph.ts';
import { ProcessVitals } from '../watch/process-vitals.ts';
import { TalkWatch } from '../watch/talk-watch.ts';
import { toldText } from '../watch/told-text.ts';
import { ToldSample } from './told-sample.ts';

/** Somebody who looks. */
export interface Viewer {
  /** Whether numbers are of no use to it: nobody sees its page, or it does not read. */
  readonly isAway: boolean;
  /** Gets each message but samples as JSON. */
  tell(message: InspectMessage['type'], json: string): void;
  /** Gets each sample. */
  sample(told: ToldSample): void;
  /** Links may be others now. */
  topologyChanged(): void;
  /** Called with each sample. */
  flush(): void;
}

export interface HubOptions {
  /** Whether words and addresses may be told, beside numbers. */
  readonly media: boolean;
  /** Finds calls that are shown beside those that are added. Default: none. */
  readonly calls?: () => readonly InspectedCall[];
}

/** Holds the graphs, asks them five times a second while somebody looks, and keeps the last events. */
export class Hub {
  readonly #graphs = new Map<number, ObservedGraph>();
  readonly #talks = new Map<number, TalkWatch>();
  readonly #calls: CallWatch;
  readonly #fleets = new FleetWatch((fleets) => this.#tell(fleets));
  readonly #viewers = new Set<Viewer>();
  readonly #events: InspectEvent[] = [];
  readonly #vitals = new ProcessVitals();
  readonly #unwatch: Cancel;
  readonly #media: boolean;
  #sample: Sample | undefined;
  #revision = 1;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;

  constructor({ media, calls = () => [] }: HubOptions) {
    this.#media = media;
    this.#calls = new CallWatch(calls, (told) => this.#tell(told), media);
    this.#unwatch = watchEvents((event) => this.#happened(event));
  }

  get graphs(): readonly ObservedGraph[] {
    return [...this.#graphs.values()];
  }

  /** @throws SLUICE_INSPECTOR_UNKNOWN for a number that is none's */
  graph(id: number): ObservedGraph {
    const found = this.#graphs.get(id);
    if (found !== undefined) return found;
    throw new SluiceError('SLUICE_INSPECTOR_UNKNOWN', `there is no graph ${id}`, {
      expected: `one of ${this.graphs.map(({ id, graph }) => `${id} (${graph.name})`).join(', ')}`,
    });
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  get topology(): Topology {
    return { type: 'topology', revision: this.#revision, graphs: this.graphs.map(({ topology }) => topology) };
  }

  /** The last events, oldest first. */
  get events(): readonly InspectEvent[] {
    return this.#events;
  }

  add(graph: Graph): Cancel {
    const observed = new ObservedGraph(++this.#count, graph);
    this.#graphs.set(observed.id, observed);
    this.#talks.set(observed.id, new TalkWatch(observed.id, graph, this.#media));
    this.#changed();
    return () => {
      observed.rest();
      this.#talks.delete(observed.id);
      if (this.#graphs.delete(observed.id)) this.#changed();
    };
  }

  /** Shows a call under a name. Returns what hides it. */
  addCall(call: InspectedCall, name: string): Cancel {
    return this.#calls.add(call, name);
  }

  /** Shows a fleet under a name. Returns what hides it. */
  addFleet(fleet: InspectedFleet, name: string): Cancel {
    return this.#fleets.add(fleet, name);
  }

  /** Lets somebody look from now on. Returns what ends it. */
  enter(viewer: Viewer): Cancel {
    for (const observed of this.graphs) if (observed.look()) this.#changed();
    this.#tellTalk();
    this.#viewers.add(viewer);
    viewer.tell('topology', JSON.stringify(this.topology));
    this.history(viewer);
    for (const talk of this.#talks.values()) {
      const kept = talk.kept();
      if (kept !== undefined) viewer.tell('talk', JSON.stringify(kept));
    }
    this.#dueAt = performance.now();
    this.#calls.askSoon();
    this.#fleets.askSoon();
    this.#timer ??= setInterval(() => this.look(), inspectLimits.sampleMs).unref();
    this.look();
    return () => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size === 0) this.#rest();
    };
  }

  /** Asks all graphs now, and tells it all who look. */
  look(): void {
    const now = performance.now();
    const lagMs = now - this.#dueAt;
    this.#dueAt = now + inspectLimits.sampleMs;
    if (![...this.#viewers].some(({ isAway }) => !isAway)) return this.#wait();
    let changed = false;
    for (const observed of this.#graphs.values()) changed = observed.look() || changed;
    if (changed) this.#changed();
    const t = Date.now();
    for (const observed of this.#graphs.values())
      for (const { link, frames } of observed.drops())
        this.#keep({ type: 'event', t, graph: observed.id, kind: 'drops', link, text: `${frames} frames dropped` });
    const sample: Sample = {
      type: 'sample',
      t,
      revision: this.#revision,
      graphs: this.graphs.map((observed) => observed.sample()),
      process: this.#vitals.take(lagMs),
    };
    const told = new ToldSample(sample, this.#sample?.revision === this.#revision ? this.#sample : undefined);
    this.#sample = sample;
    for (const viewer of this.#viewers) viewer.sample(told);
    this.#tellTalk();
    this.#calls.look(now);
    this.#fleets.look(now);
    for (const viewer of this.#viewers) viewer.flush();
  }

  /** Nobody sees it just now: nothing is asked and nothing measured, but what somebody hears goes on. */
  #wait(): void {
    this.#vitals.rest();
    for (const observed of this.#graphs.values()) observed.rest();
    for (const viewer of this.#viewers) viewer.flush();
  }

  /** Tells the kept events. */
  history(viewer: Viewer): void {
    for (const event of this.#events) viewer.tell('event', JSON.stringify(event));
  }

  close(): void {
    this.#unwatch();
    this.#rest();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#sample = undefined;
    this.#vitals.rest();
    for (const observed of this.#graphs.values()) observed.rest();
  }

  #tellTalk(): void {
    for (const talk of this.#talks.values()) {
      const news = talk.look();
      if (news !== undefined) this.#tell(news);
    }
  }

  #changed(): void {
    this.#revision++;
    if (this.#viewers.size === 0) return;
    this.#tell(this.topology);
    for (const viewer of this.#viewers) viewer.topologyChanged();
  }

  #happened({ name, ...event }: GraphEvent): void {
    const t = Date.now();
    for (const { id, graph } of this.#graphs.values())
      if (graph.name === name) this.#keep({ type: 'event', t, graph: id, ...event, text: toldText(event.text) });
  }

  #keep(event: InspectEvent): void {
    this.#events.push(event);
    if (this.#events.length > inspectLimits.events) this.#events.shift();
    this.#tell(event);
  }

  #tell(message: InspectMessage): void {
    if (this.#viewers.size === 0) return;
    const json = JSON.stringify(message);
    for (const viewer of this.#viewers) viewer.tell(message.type, json);
  }
}
