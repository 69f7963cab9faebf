import { Histogram } from '@sluice/core';
import type { AgentEvent } from './agent-options.ts';
import { partsOf, type TurnPart } from './turn-trace.ts';

/** A distribution in milliseconds; zeros while nothing was counted. Percentiles are known within 12.5 %. */
export interface MsFigures {
  /** How many were counted. */
  readonly count: number;
  /** The mean. */
  readonly mean: number;
  /** Half are not above. */
  readonly p50: number;
  /** Nineteen of twenty are not above. */
  readonly p95: number;
  /** The largest. */
  readonly max: number;
}

/** Figures of an agent since it was made. The same names stand in `graph.inspect().figures` and in reports of scenarios. */
export interface AgentMetrics {
  /** What people said and finished. */
  readonly turns: number;
  /** Interruptions by people. */
  readonly bargeIns: number;
  /** It was silent in doubt and went on: coughs, an "uh huh". */
  readonly falseAlarms: number;
  /** From the first voiced sample under its voice to when the device stood still. */
  readonly timeToSilenceMs: MsFigures;
  /** From the last voiced sample of a turn to the first audible one of the reply. */
  readonly latencyMs: MsFigures;
  /** The same by who took it: the means sum to the mean of the whole. */
  readonly latencyByPart: Readonly<Record<TurnPart['owner'], MsFigures>>;
  /** Gaps in the voice that the device counted; undefined for one that does not tell. */
  readonly glitches: number | undefined;
  /** Words of people that were understood. */
  readonly wordsHeard: number;
  /** Words of the agent that were heard. */
  readonly wordsSaid: number;
  /** How often the model had no answer and the apology was said. */
  readonly apologies: number;
  /** Replies that were thought of ahead: those that were said, and those that were for nothing. */
  readonly headStartsUsed: number;
  /** Replies that were thought of ahead and were for nothing: the person went on. */
  readonly headStartsDropped: number;
  /** Faults that ended nothing, each told as an event. */
  readonly problems: number;
  /** Models that were replaced on purpose, and those that took over after a fault. */
  readonly swaps: number;
  /** Models that took over after a fault. */
  readonly fallbacks: number;
}

class MsTally {
  readonly #histogram = new Histogram();
  #sum = 0;

  record(ms: number): void {
    this.#histogram.record(ms);
    this.#sum += ms;
  }

  get figures(): MsFigures {
    const { count, max } = this.#histogram;
    const at = (share: number) => this.#histogram.percentile(share);
    return { count, mean: count === 0 ? 0 : this.#sum / count, p50: at(0.5), p95: at(0.95), max };
  }
}

/** Counts what an agent tells. */
export class MetricsTally {
  readonly #glitches: () => number | undefined;
  readonly #silence = new MsTally();
  readonly #latency = new MsTally();
  readonly #parts = {
    turn: new MsTally(),
    model: new MsTally(),
    sentence: new MsTally(),
    synthesizer: new MsTally(),
    device: new MsTally(),
  } satisfies Record<TurnPart['owner'], MsTally>;
  readonly #counts = {
    turns: 0,
    bargeIns: 0,
    falseAlarms: 0,
    wordsHeard: 0,
    wordsSaid: 0,
    apologies: 0,
    headStartsUsed: 0,
    headStartsDropped: 0,
    problems: 0,
    swaps: 0,
    fallbacks: 0,
  };
  #inDoubt = false;
  /** When each of them began to speak last, in milliseconds. */
  readonly #speechStarts = new Map<string, number>();

  constructor(glitches: () => number | undefined) {
    this.#glitches = glitches;
  }

  get metrics(): AgentMetrics {
    const { turn, model, sentence, synthesizer, device } = this.#parts;
    return {
      ...this.#counts,
      timeToSilenceMs: this.#silence.figures,
      latencyMs: this.#latency.figures,
      latencyByPart: {
        turn: turn.figures,
        model: model.figures,
        sentence: sentence.figures,
        synthesizer: synthesizer.figures,
        device: device.figures,
      },
      glitches: this.#glitches(),
    };
  }

  take(event: AgentEvent): void {
    const counts = this.#counts;
    switch (event.type) {
      case 'speaker-left':
        this.#speechStarts.delete(event.speaker.id);
        return;
      case 'turn':
        counts.turns++;
        return;
      case 'paused':
        this.#inDoubt = true;
        return;
      case 'speech':
        if (event.speaking) this.#speechStarts.set(event.speaker, event.atMs);
        return;
      case 'silent': {
        const startMs = this.#speechStarts.get(event.by ?? '');
        if (startMs !== undefined) this.#silence.record(event.atMs - startMs);
        return;
      }
      case 'resumed':
        this.#inDoubt = false;
        counts.falseAlarms++;
        return;
      case 'interrupted':
        if (this.#inDoubt) counts.bargeIns++;
        this.#inDoubt = false;
        return;
      case 'logged':
        if (event.entry.who === 'person') counts.wordsHeard += wordsIn(event.entry.text);
        else if (event.entry.who === 'agent') counts.wordsSaid += wordsIn(event.entry.text);
        return;
      case 'apology':
        counts.apologies++;
        return;
      case 'head-start':
        counts[event.outcome === 'used' ? 'headStartsUsed' : 'headStartsDropped']++;
        return;
      case 'problem':
        counts.problems++;
        return;
      case 'switched':
        if (event.change.reason === 'asked') counts.swaps++;
        else if (event.change.reason === 'fault') counts.fallbacks++;
        return;
      case 'trace':
        return this.#trace(event);
    }
  }

  #trace({ trace }: Extract<AgentEvent, { readonly type: 'trace' }>): void {
    const parts = partsOf(trace);
    if (parts === undefined) return;
    this.#latency.record(parts.reduce((sum, { ms }) => sum + ms, 0));
    for (const { owner, ms } of parts) this.#parts[owner].record(ms);
  }
}

function wordsIn(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
}
