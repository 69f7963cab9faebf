import { type Clock, sleep } from '@sluice/core';
import type { LogEntry } from '@sluice/nodes';
import { badAgent } from '../errors.ts';
import type { SaidLine } from '../measure/said-line.ts';
import type { Stage, StagePerson } from '../stage/stage.ts';
import type { RenderedSpeech } from '../voice/render-speech.ts';
import type { VoiceBook } from '../voice/voice-book.ts';
import type { Moment } from './timeline.ts';

/** How often it is looked whether something has happened, in milliseconds. */
const LOOK_MS = 10;

/** What somebody did in a run, or waited for. */
export interface Step {
  /** As it is written: `expectHeard("okay")`. */
  readonly name: string;
  /** Whose it was. */
  readonly who?: string;
  /** The how manieth of the run, from 1; 0 before the first. */
  readonly number: number;
  /** When it was begun, on the timeline in milliseconds. */
  readonly atMs: number;
}

/** What all who talk in a run share: the stage, what was said, where it stands, and its end. */
export class TalkContext {
  readonly stage: Stage;
  readonly said: SaidLine[] = [];
  readonly moments: Moment[] = [];
  readonly voices: VoiceBook;
  readonly #ended = new AbortController();
  #steps = 0;
  #last: Step = { name: 'its beginning', number: 0, atMs: 0 };
  #failedStep: Step | undefined;

  constructor(stage: Stage, voices: VoiceBook) {
    this.stage = stage;
    this.voices = voices;
  }

  get clock(): Clock {
    return this.stage.clock;
  }

  /** The step that was begun last, and for how long. */
  get stood(): string {
    return `${this.#last.name} for ${Math.round(this.stage.now() - this.#last.atMs)} ms`;
  }

  /** The one that failed first; where all failed together or none did, the last. */
  get failedStep(): Step {
    return this.#failedStep ?? this.#last;
  }

  get agentEntries(): readonly LogEntry[] {
    return this.stage.agent.log.entries.filter(({ who }) => who === 'agent');
  }

  /** Lets nothing more happen: whatever waits rejects. */
  end(reason: Error): void {
    this.#ended.abort(reason);
  }

  note(who: string, what: string, atMs = this.stage.now()): void {
    this.moments.push({ atMs, who, what });
  }

  /** Takes a step, and remembers it if it fails. */
  async step<T>(who: string, name: string, work: () => Promise<T>): Promise<T> {
    this.#ended.signal.throwIfAborted();
    const step = { name, who, number: ++this.#steps, atMs: this.stage.now() };
    this.#last = step;
    try {
      this.#check();
      return await work();
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#failedStep ??= step;
      throw error;
    }
  }

  wait(ms: number): Promise<void> {
    return sleep(this.clock, ms, this.#ended.signal);
  }

  async waitUntil(atMs: number): Promise<void> {
    const ms = atMs - this.stage.now();
    if (ms > 0) await this.wait(ms);
  }

  /** Waits for something, at most so long; undefined if it never came. */
  async until<T>(look: () => T | undefined | false, withinMs: number): Promise<T | undefined> {
    const endMs = this.stage.now() + withinMs;
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (this.stage.graph.status === 'failed') throw this.#failed();
      if (this.stage.now() >= endMs) return undefined;
      await this.wait(LOOK_MS);
    }
  }

  /** Renders what is said; no time passes meanwhile in virtual mode. */
  render(who: string, text: string): Promise<RenderedSpeech> {
    return this.clock.track(this.voices.of(who).render(text));
  }

  /** Speaks from a moment on, after what the same person says already. Resolves with the last sample. */
  async speak(
    person: StagePerson,
    text: string,
    samples: Int16Array,
    atMs: number,
    bargeIn: boolean,
  ): Promise<SaidLine> {
    const before = this.said.findLast(({ who }) => who === person.name)?.endMs ?? 0;
    const { startMs, endMs } = await person.speak(samples, Math.max(atMs, before));
    const line = { who: person.name, text, startMs, endMs, bargeIn };
    this.said.push(line);
    this.note(person.name, `${bargeIn ? 'barges in with' : 'says'} ${JSON.stringify(text)}`, startMs);
    await this.waitUntil(endMs);
    return line;
  }

  #check(): void {
    const { graph, events, agent } = this.stage;
    if (graph.status === 'failed') throw this.#failed();
    if (events.length === 0 && agent.log.entries.length > 0)
      throw badAgent(
        'the agent tells nothing of what happens',
        'Pass ends.onEvent on: voiceAgent(ends.graph, { onEvent: ends.onEvent, ... })',
      );
  }

  #failed(): Error {
    const [problem] = this.stage.graph.inspect().problems;
    return badAgent(
      `the agent's graph failed: ${problem ?? 'for no reason that it tells'}`,
      'Mend the node that is named',
    );
  }
}
