import { type Clock, checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import { notAsExpected, notInMode } from '../errors.ts';
import { hearEntry } from '../measure/log-against-ear.ts';
import { timeToSilence } from '../measure/metrics.ts';
import type { SaidLine } from '../measure/said-line.ts';
import type { EchoOptions, NoiseOptions } from '../room/virtual-participant.ts';
import type { NetworkConditions } from '../room/virtual-path.ts';
import type { ScenarioAgent, StageMode, StagePerson } from '../stage/stage.ts';
import { checkLooked, type ExpectedLine, hasWords, isExpected, showEntry, showExpected } from './log-lines.ts';
import type { TalkContext } from './talk-context.ts';

export interface ExpectOptions {
  /** Scenario time that it may take, in milliseconds. Default 15,000. */
  readonly withinMs?: number;
}

/** When to speak under the agent's voice. */
export type BargeInMoment =
  /** So long after the first sample of its voice at the ear, to the sample. */
  | { readonly afterMs: number }
  /** As soon as the ear has understood a word; the scenario needs an `ear`. */
  | { readonly word: string };

/** The network between a person and the agent, both ways. */
export interface TalkNetwork {
  set(conditions: NetworkConditions): void;
  /** Share of packets, 0 to 1. */
  loss(share: number): void;
  delay(ms: number): void;
  jitter(ms: number): void;
  /** Loses everything for so long, from now on. */
  cut(ms: number): void;
}

const WITHIN_MS = 15_000;
/** How long silence must last to be one, in milliseconds. */
const STILL_MS = 250;

/** A person in a scenario: speaks, listens, and expects. All times are scenario time. */
export class Talk {
  readonly network: TalkNetwork;
  readonly #context: TalkContext;
  readonly #person: StagePerson;
  readonly #others: (name: string) => Talk;
  /** Lines of the agent before this one were expected already. */
  #next = 0;
  /** Where the ear stood when something was heard last. */
  #heardMs = 0;

  constructor(context: TalkContext, person: StagePerson, others: (name: string) => Talk) {
    this.#context = context;
    this.#person = person;
    this.#others = others;
    const set = (conditions: NetworkConditions) => {
      context.note('network', JSON.stringify(conditions));
      person.network(conditions);
    };
    this.network = {
      set,
      loss: (loss) => set({ loss }),
      delay: (delayMs) => set({ delayMs }),
      jitter: (jitterMs) => set({ jitterMs }),
      cut: (ms) => {
        context.note('network', `is cut for ${ms} ms`);
        person.cut(ms);
      },
    };
  }

  get name(): string {
    return this.#person.name;
  }

  get mode(): StageMode {
    return this.#context.stage.mode;
  }

  /** In virtual mode, work of the outside must be tracked by it: `await talk.clock.track(fetch(url))`. */
  get clock(): Clock {
    return this.#context.clock;
  }

  get agent(): ScenarioAgent {
    return this.#context.stage.agent;
  }

  /** Since the scenario began, in milliseconds. */
  get nowMs(): number {
    return this.#context.stage.now();
  }

  /** Somebody else of `people`, or who joined later. */
  as(name: string): Talk {
    return this.#others(name);
  }

  /** Lets somebody new into the room. */
  async join(name: string): Promise<Talk> {
    this.#context.begin(`join(${JSON.stringify(name)})`);
    await this.#context.stage.join(name);
    this.#context.note(name, 'joins');
    return this.#others(name);
  }

  async leave(): Promise<void> {
    this.#context.begin('leave()');
    this.#context.note(this.name, 'leaves');
    await this.#person.leave();
  }

  /** Says something, now or after what is being said. Resolves with its last sample. */
  async say(text: string): Promise<SaidLine> {
    this.#context.begin(`say(${JSON.stringify(text)})`);
    const { samples } = await this.#context.render(this.name, text);
    return this.#context.speak(this.#person, text, samples, this.nowMs, false);
  }

  /** Coughs: noise for so long, in which there is no word. */
  async cough(ms = 150): Promise<SaidLine> {
    this.#context.begin(`cough(${ms})`);
    if (!(ms >= 10 && ms <= 10_000)) throw outOfRange('ms', '10 to 10000', ms);
    const random = seededRandom(ms);
    const length = Math.round((ms * this.#context.stage.sampleRate) / 1_000);
    const samples = Int16Array.from({ length }, () => Math.round(8_000 * (2 * random() - 1)));
    return this.#context.speak(this.#person, '(cough)', samples, this.nowMs, false);
  }

  async wait(ms: number): Promise<void> {
    this.#context.begin(`wait(${ms})`);
    if (!(ms >= 0)) throw outOfRange('ms', 'at least 0 ms', ms);
    await this.#context.wait(ms);
  }

  /**
   * Speaks under the agent's voice: under what it says now, or what it says next. Resolves with its last sample.
   *
   * @throws `SLUICE_SCENARIO_EXPECTATION` when the agent does not speak, or never says the word
   */
  async bargeInAt(moment: BargeInMoment, text: string, options: ExpectOptions = {}): Promise<SaidLine> {
    const withinMs = within('bargeInAt', options);
    const { samples } = await this.#context.render(this.name, text);
    this.#context.begin(`bargeInAt(${JSON.stringify(moment)}, ${JSON.stringify(text)})`);
    const atMs = await this.#moment(moment, withinMs);
    return this.#context.speak(this.#person, text, samples, atMs, true);
  }

  /**
   * Waits until the agent has said it: in one line of its log, or in all since what was expected last. What the log says
   * was heard must be in the samples at the ear, and in what the ear understood where it has a recogniser.
   *
   * @throws `SLUICE_SCENARIO_EXPECTATION`
   */
  async expectHeard(looked: string | RegExp, options: ExpectOptions = {}): Promise<void> {
    checkLooked(looked);
    const withinMs = within('expectHeard', options);
    const context = this.#context;
    const step = `expectHeard(${looked instanceof RegExp ? looked : JSON.stringify(looked)})`;
    context.begin(step);
    const found = await context.until(() => {
      const entries = context.agentEntries.slice(this.#next);
      const one = entries.findIndex(({ text }) => hasWords(text, looked));
      if (one >= 0) return { entries: [entries[one]!], next: this.#next + one + 1 };
      const all = hasWords(entries.map(({ text }) => text).join(' '), looked);
      return all && { entries, next: this.#next + entries.length };
    }, withinMs);
    if (found === undefined) {
      const since = context.agentEntries.slice(this.#next).map(showEntry);
      throw notAsExpected(
        `${step}: not within ${withinMs} ms`,
        `the agent to say ${looked}`,
        since.join(' | ') || 'nothing',
      );
    }
    this.#next = found.next;
    for (const entry of found.entries) {
      const { ear } = this.#person;
      // The way to the ear is not in the log.
      await context.until(
        () => entry.endMs === undefined || context.stage.now() > entry.endMs - context.stage.startMs,
        1_000,
      );
      const { wayMs, silentWords } = hearEntry(entry, ear, context.stage.startMs);
      if (silentWords.length > 0)
        throw notAsExpected(
          `${step}: the log says what ${this.name} did not hear`,
          `sound where the log has ${silentWords.map((word) => JSON.stringify(word)).join(', ')}`,
          wayMs === undefined ? 'silence all along' : 'silence there',
        );
    }
    await this.#expectUnderstood(step, looked);
  }

  /**
   * The agent falls silent within so long after the first sample of what this person said last, at this person's ear, and
   * stays so for 250 ms.
   *
   * @throws `SLUICE_SCENARIO_EXPECTATION`
   */
  async expectSilenceWithin(ms: number): Promise<void> {
    const context = this.#context;
    context.begin(`expectSilenceWithin(${ms})`);
    if (!(ms >= 0)) throw outOfRange('ms', 'at least 0 ms', ms);
    const line = context.said.findLast(({ who }) => who === this.name);
    if (line === undefined)
      throw notAsExpected('expectSilenceWithin', `${this.name} to have said something`, 'nothing');
    await context.waitUntil(line.startMs + ms + STILL_MS);
    const tookMs = timeToSilence(line, this.#person.ear);
    context.note(this.name, `hears the agent for ${Math.round(tookMs)} ms more`, line.startMs + tookMs);
    if (tookMs > ms)
      throw notAsExpected(
        `expectSilenceWithin(${ms})`,
        `silence within ${ms} ms of ${JSON.stringify(line.text)}`,
        `${Math.round(tookMs)} ms`,
      );
  }

  /** The agent says nothing for so long from now on. */
  async expectSilence(ms: number): Promise<void> {
    const context = this.#context;
    context.begin(`expectSilence(${ms})`);
    if (!(ms >= 0)) throw outOfRange('ms', 'at least 0 ms', ms);
    const fromMs = this.nowMs;
    await context.wait(ms);
    const soundMs = this.#person.ear.firstSound(fromMs, fromMs + ms);
    if (soundMs !== undefined)
      throw notAsExpected(`expectSilence(${ms})`, 'silence', `sound after ${Math.round(soundMs - fromMs)} ms`);
  }

  /** The whole log is, or becomes, these lines: `person: hello`, `agent: Hello. -` where it was cut, patterns, or parts. */
  async expectLog(lines: readonly ExpectedLine[], options: ExpectOptions = {}): Promise<void> {
    const withinMs = within('expectLog', options);
    const context = this.#context;
    context.begin(`expectLog(${lines.length} lines)`);
    const entries = () => this.agent.log.entries.filter(({ text }) => text !== '');
    const isSo = () => {
      const are = entries();
      return are.length === lines.length && lines.every((line, index) => isExpected(are[index]!, line));
    };
    const soon = await context.until(isSo, withinMs);
    if (soon === undefined)
      throw notAsExpected(
        `expectLog: not within ${withinMs} ms`,
        lines.map(showExpected).join(' | '),
        entries().map(showEntry).join(' | '),
      );
  }

  /** Waits until the agent listens again: nobody thinks and nobody speaks. */
  async expectListening(options: ExpectOptions = {}): Promise<void> {
    const withinMs = within('expectListening', options);
    this.#context.begin('expectListening()');
    const soon = await this.#context.until(() => this.agent.state.state === 'listening', withinMs);
    if (soon === undefined)
      throw notAsExpected(
        `expectListening: not within ${withinMs} ms`,
        'an agent that listens',
        this.agent.state.state,
      );
  }

  /** Noise in this person's microphone; `undefined` ends it. In virtual mode. */
  noise(options: NoiseOptions | undefined): void {
    this.#onlyVirtual('noise');
    this.#context.note(
      this.name,
      options === undefined ? 'has no more noise' : `has noise ${options.snrDb} dB below a voice`,
    );
    this.#person.noise(options);
  }

  /** The agent's voice comes back through this person's microphone; `undefined` ends it. In virtual mode. */
  echo(options: EchoOptions | undefined): void {
    this.#onlyVirtual('echo');
    this.#context.note(this.name, options === undefined ? 'has no more echo' : `has an echo of ${options.gainDb} dB`);
    this.#person.echo(options);
  }

  #onlyVirtual(what: string): void {
    if (this.mode !== 'virtual') throw notInMode(what, this.mode);
  }

  async #moment(moment: BargeInMoment, withinMs: number): Promise<number> {
    const context = this.#context;
    const { ear } = this.#person;
    checkKeys<{ afterMs?: number; word?: string }>('bargeInAt', moment, { afterMs: true, word: true });
    if ('afterMs' in moment) {
      if (!(moment.afterMs >= 0)) throw outOfRange('afterMs', 'at least 0 ms', moment.afterMs);
      const now = this.nowMs;
      const stretch = await context.until(() => ear.stretches.find(({ endMs }) => endMs > now - 50), withinMs);
      if (stretch === undefined) throw notAsExpected('bargeInAt', 'the agent to speak', 'silence');
      await context.waitUntil(stretch.startMs + moment.afterMs - 200);
      return stretch.startMs + moment.afterMs;
    }
    checkLooked(moment.word);
    if (!ear.understands)
      throw invalidArgument('bargeInAt.word', 'a scenario with an ear: { ear: toneRecognizer() }', moment.word);
    const from = this.#heardMs;
    const word = await context.until(
      () => ear.words.find(({ text, startMs }) => startMs >= from && hasWords(text, moment.word)),
      withinMs,
    );
    if (word === undefined)
      throw notAsExpected('bargeInAt', `the agent to say ${JSON.stringify(moment.word)}`, understood(ear.words));
    this.#heardMs = word.endMs;
    return this.nowMs;
  }

  async #expectUnderstood(step: string, looked: string | RegExp): Promise<void> {
    const { ear } = this.#person;
    if (!ear.understands) return;
    const from = this.#heardMs;
    const words = () => ear.words.filter(({ startMs }) => startMs >= from);
    const soon = await this.#context.until(() => {
      const are = words();
      return hasWords(understood(are), looked) && are;
    }, 2_000);
    if (soon === undefined)
      throw notAsExpected(
        `${step}: ${this.name}'s ear understood something else than the log says`,
        `${looked}`,
        understood(words()),
      );
    this.#heardMs = soon.at(-1)?.endMs ?? from;
  }
}

function understood(words: readonly { readonly text: string }[]): string {
  return words.map(({ text }) => text).join(' ');
}

function within(call: string, options: ExpectOptions): number {
  checkKeys<ExpectOptions>(call, options, { withinMs: true });
  const { withinMs = WITHIN_MS } = options;
  if (!(withinMs >= 0)) throw outOfRange('withinMs', 'at least 0 ms', withinMs);
  return withinMs;
}
