import { checkKeys, invalidArgument } from '@sluice/core';
import { checkNumber } from '../../options/check-option.ts';
import { checkAddressStrategy, everyone } from './address-strategies.ts';
import type { Addressed, AddressStrategy } from './address-strategy.ts';
import type { Speaker, SpokenLine } from './speaker.ts';

/**
 * What other agents get. `answer`: what a person gets. `ignore`: no reply. `turns`: replies when they address the agent by
 * name, so many in a row at most without a person's turn.
 */
export type AgentManners =
  | 'answer'
  | 'ignore'
  | {
      /** How many in a row, at least 1. A person's turn begins the count again. */
      readonly turns: number;
    };

/** Who interrupts the agent. `addressed`: whom it replies to, and who addresses it. */
export type Interrupters = 'addressed' | 'anyone' | 'nobody';

/** Whom an agent answers, and who may interrupt it. */
export interface AttentionOptions {
  /** Who is meant. Default `everyone()`. */
  readonly addressing?: AddressStrategy;
  /** Default `{ turns: 2 }`. */
  readonly agents?: AgentManners;
  /** Default `addressed`. */
  readonly interruptions?: Interrupters;
}

/** What the agent does at the moment. */
export interface AgentVoice {
  /** Whom it replies to; empty for what it says of its own accord, or not at all. */
  readonly to: ReadonlySet<string>;
  /** Something of it was heard already. */
  readonly audible: boolean;
}

/** Decides who is answered and who may interrupt. Keeps two agents from talking to each other for ever. */
export class Attention {
  readonly #addressing: AddressStrategy;
  readonly #agents: AgentManners;
  readonly #interruptions: Interrupters;
  readonly #log: () => readonly SpokenLine[];
  readonly #speakers: () => readonly Speaker[];
  /** Replies to agents since a person had a turn. */
  #agentTurns = 0;

  constructor(options: AttentionOptions, log: () => readonly SpokenLine[], speakers: () => readonly Speaker[]) {
    const { addressing = everyone(), agents = { turns: 2 }, interruptions = 'addressed' } = options;
    this.#addressing = addressing;
    this.#agents = agents;
    this.#interruptions = interruptions;
    this.#log = log;
    this.#speakers = speakers;
  }

  /** Whether a turn means the agent, and whether it gets a reply. Each turn is told once. */
  hear(speaker: Speaker, text: string, startMs: number): { readonly addressed: boolean; readonly answered: boolean } {
    const heard = this.judge(speaker, text, startMs);
    if (!speaker.agent) this.#agentTurns = 0;
    else if (heard.answered) this.#agentTurns++;
    return heard;
  }

  /** The same of a turn that may not be over. */
  judge(speaker: Speaker, text: string, startMs: number): { readonly addressed: boolean; readonly answered: boolean } {
    const how = this.#addressed(speaker, text, startMs);
    const addressed = how !== undefined;
    if (!speaker.agent) return { addressed, answered: addressed };
    if (typeof this.#agents === 'string') return { addressed, answered: addressed && this.#agents === 'answer' };
    return { addressed, answered: how === 'by-name' && this.#agentTurns < this.#agents.turns };
  }

  /** Whether somebody who begins to speak, or has said these words so far over the voice, interrupts it. */
  mayInterrupt(speaker: Speaker, voice: AgentVoice, text: string, startMs: number): boolean {
    if (this.#interruptions === 'nobody' || (speaker.agent && this.#agents !== 'answer')) return false;
    if (voice.to.has(speaker.id)) return true;
    // Who speaks at the same time as another is answered after them: nothing is lost.
    if (voice.to.size > 0 && (!voice.audible || (speaker.inTurn && text === ''))) return false;
    return this.#interruptions === 'anyone' || this.#addressed(speaker, text, startMs) !== undefined;
  }

  #addressed(speaker: Speaker, text: string, startMs: number): Addressed | undefined {
    return this.#addressing.addresses({ speaker, text, startMs, log: this.#log(), speakers: this.#speakers() });
  }
}

/** Refuses options that make no sense. */
export function checkAttention(name: string, { addressing, agents, interruptions }: AttentionOptions): void {
  if (addressing !== undefined) checkAddressStrategy(`${name}.addressing`, addressing);
  if (interruptions !== undefined && !['addressed', 'anyone', 'nobody'].includes(interruptions))
    throw invalidArgument(`${name}.interruptions`, "'addressed', 'anyone' or 'nobody'", interruptions);
  if (agents === undefined || agents === 'answer' || agents === 'ignore') return;
  if (typeof agents !== 'object') throw invalidArgument(`${name}.agents`, "'answer', 'ignore' or { turns }", agents);
  checkKeys<{ turns: number }>(`${name}.agents`, agents, { turns: true });
  checkNumber(`${name}.agents.turns`, agents.turns, { min: 0, max: 1_000, unit: 'turns', integer: true });
}
