import { type GraphChange, type GraphScope, invalidArgument, toError } from '@sluice/core';
import type { Speaker, SpeakerLeft } from '../people/speaker.ts';
import { checkSpeaker, type SpeakerOptions } from '../people/speaker-options.ts';
import { backChannels } from '../turns/turn-strategies.ts';
import type { TurnStrategy } from '../turns/turn-strategy.ts';
import { usualTurns } from '../turns/usual-turns.ts';
import type { AgentContext } from './agent-context.ts';
import { Ears, type EarsListener } from './ears.ts';

/** The people whom an agent hears: each with ears of their own in the graph, which come and go while it runs. */
export class Speakers {
  readonly #context: AgentContext;
  readonly #listener: EarsListener;
  readonly #ears = new Map<string, Ears>();
  readonly #leaving = new Set<string>();
  /** What is under way for an id: one thing after the other. */
  readonly #work = new Map<string, Promise<void>>();
  readonly #attached = new Set<TurnStrategy>();
  #count = 0;
  #agentSpeaking = false;

  constructor(context: AgentContext, listener: Omit<EarsListener, 'onGone'>, onGone: (ears: Ears) => void) {
    this.#context = context;
    this.#listener = {
      ...listener,
      onGone: (ears, hanging) => {
        void this.#take(ears, hanging);
        onGone(ears);
      },
    };
  }

  get all(): readonly Speaker[] {
    return this.ears.map(({ speaker }) => speaker);
  }

  get ears(): readonly Ears[] {
    return [...this.#ears.values()];
  }

  /** Whether some speak, or have said something that is not settled. */
  get taken(): boolean {
    return this.ears.some(({ taken }) => taken);
  }

  /** Whether there are, or were, more than one: then it has to be said who says what. */
  get several(): boolean {
    return this.#count > 1;
  }

  set agentSpeaking(speaking: boolean) {
    this.#agentSpeaking = speaking;
    for (const ears of this.ears) ears.agentSpeaking = speaking;
  }

  /** The one whom the agent was made for: their nodes stand in the graph itself. */
  addFirst(speaker: SpeakerOptions): void {
    const ears = this.#make(speaker, undefined);
    this.#count++;
    this.#ears.set(ears.id, ears);
    ears.wire(this.#context.graph);
  }

  async add(options: SpeakerOptions): Promise<void> {
    checkSpeaker(options);
    await this.#inTurn(options.id, async () => {
      const former = this.#ears.get(options.id);
      if (former?.ending === true) await former.gone;
      else if (former !== undefined)
        throw invalidArgument('addSpeaker.id', 'one that is not heard already', options.id);
      await this.#admit(this.#make(options, `${options.id}.${++this.#count}`));
    });
  }

  /** Resolves when what they have said is told and their nodes are out. Of somebody who is not there: at once. */
  async remove(id: string): Promise<void> {
    await this.#inTurn(id, async () => {
      const ears = this.#ears.get(id);
      if (ears === undefined) return;
      this.#leaving.add(id);
      await this.#context.running;
      await this.#change((edit) => ears.end(edit));
      if (this.#context.graph.status !== 'running') ears.close();
      await ears.gone;
      this.#ears.delete(id);
    });
  }

  /** Gives another name, or says that somebody is an agent, or is none. */
  update(id: string, who: { readonly name?: string; readonly agent?: boolean }): void {
    const ears = this.#ears.get(id);
    if (ears === undefined)
      throw invalidArgument('updateSpeaker.id', `one of ${[...this.#ears.keys()].join(', ')}`, id);
    const { name, agent } = ears.speaker;
    ears.rename({ name: who.name ?? name, agent: who.agent ?? agent });
  }

  close(): void {
    for (const ears of this.ears) ears.close();
  }

  #make(speaker: SpeakerOptions, group: string | undefined): Ears {
    const { options } = this.#context;
    const { recognizer = options.recognizer } = speaker;
    const { turns = [usualTurns(recognizer), backChannels()] } = options;
    const own = speaker.turns ?? (typeof turns === 'function' ? turns(speaker) : turns);
    for (const strategy of own) {
      if (strategy.attach === undefined) continue;
      if (this.#attached.has(strategy))
        throw invalidArgument(
          'voiceAgent.turns',
          `a function that makes strategies for each speaker, since ${strategy.name} follows one only`,
          'a list',
        );
      this.#attached.add(strategy);
    }
    return new Ears(this.#context, { speaker, turns: own, ...(group === undefined ? {} : { group }) }, this.#listener);
  }

  async #admit(ears: Ears): Promise<void> {
    const { tell } = this.#context;
    this.#ears.set(ears.id, ears);
    // Who comes while it speaks may interrupt it.
    if (this.#agentSpeaking) ears.agentSpeaking = true;
    tell({ type: 'speaker-joined', speaker: ears.speaker });
    try {
      await this.#build((scope) => ears.wire(scope));
    } catch (reason) {
      const { speaker } = ears;
      this.#ears.delete(ears.id);
      ears.close();
      tell({ type: 'speaker-left', speaker, reason: 'failed', error: toError(reason) });
      throw reason;
    }
  }

  /** They are gone: so is what is left of their ears. */
  async #take(ears: Ears, hanging: boolean): Promise<void> {
    const { fault, speaker } = ears;
    this.#ears.delete(ears.id);
    const removed = this.#leaving.delete(ears.id);
    const reason: SpeakerLeft = removed ? 'removed' : fault === undefined ? 'ended' : 'failed';
    const error = fault === undefined || removed ? {} : { error: new Error(fault) };
    this.#context.tell({ type: 'speaker-left', speaker, reason, ...error });
    if (hanging) await this.#change((edit) => ears.drop(edit));
  }

  async #build(edit: (scope: GraphScope) => void): Promise<void> {
    const { graph, running } = this.#context;
    if (graph.status === 'idle') return edit(graph);
    await running;
    await graph.change(edit);
  }

  /** A graph that has ended needs no change. */
  async #change(edit: (change: GraphChange) => void): Promise<void> {
    const { graph } = this.#context;
    if (graph.status === 'running') await graph.change(edit);
  }

  async #inTurn(id: string, work: () => Promise<void>): Promise<void> {
    const before = this.#work.get(id);
    // Before the start nothing is waited for: who is added belongs to the graph at once.
    const now = before === undefined ? work() : before.then(work);
    const settled = now.catch(() => {});
    this.#work.set(id, settled);
    await now.finally(() => {
      if (this.#work.get(id) === settled) this.#work.delete(id);
    });
  }
}
