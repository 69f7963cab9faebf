import { type Clock, checkKeys, outOfRange } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import type { Synthesizer } from '@sluice/core/voice';
import { notInMode } from '../errors.ts';
import { COUGH, type SaidLine } from '../measure/said-line.ts';
import type { EchoOptions, NoiseOptions } from '../room/virtual-participant.ts';
import type { ScenarioAgent, StageMode, StagePerson } from '../stage/stage.ts';
import { type BargeInMoment, bargeInAt } from './barge-in.ts';
import { expectListening, expectLog } from './expect-agent.ts';
import { type ExpectHeardOptions, expectHeard } from './expect-heard.ts';
import type { ExpectOptions } from './expect-options.ts';
import { expectSilence, expectSilenceWithin } from './expect-silence.ts';
import type { Listener } from './listener.ts';
import type { ExpectedLine } from './log-lines.ts';
import type { TalkContext } from './talk-context.ts';
import { type TalkNetwork, talkNetwork } from './talk-network.ts';

/** What somebody who joins a scenario speaks with. */
export interface JoinOptions {
  /** What somebody speaks with. */
  readonly voice?: Synthesizer;
}

/** A person in a scenario: speaks, listens, and expects. All times are scenario time. */
export class Talk {
  readonly network: TalkNetwork;
  readonly #context: TalkContext;
  readonly #person: StagePerson;
  readonly #listener: Listener;
  readonly #others: (name: string) => Talk;

  constructor(context: TalkContext, person: StagePerson, others: (name: string) => Talk) {
    this.#context = context;
    this.#person = person;
    this.#listener = { context, person, nextEntry: 0, heardMs: 0 };
    this.#others = others;
    this.network = talkNetwork(context, person);
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

  /** Lets somebody new into the room, or who has left. Their voice: what is given, or they had, or that of the first of `people`. */
  join(name: string, options: JoinOptions = {}): Promise<Talk> {
    return this.#step(`join(${JSON.stringify(name)})`, async () => {
      checkKeys<JoinOptions>('join', options, { voice: true });
      await this.#context.stage.join(name);
      if (options.voice !== undefined) this.#context.voices.give(name, options.voice);
      this.#context.note(name, 'joins');
      return this.#others(name);
    });
  }

  leave(): Promise<void> {
    return this.#step('leave()', async () => {
      this.#context.note(this.name, 'leaves');
      await this.#person.leave();
    });
  }

  /** Says something, now or after what is being said. Resolves with its last sample. */
  say(text: string): Promise<SaidLine> {
    return this.#step(`say(${JSON.stringify(text)})`, async () => {
      const { samples } = await this.#context.render(this.name, text);
      return this.#context.speak(this.#person, text, samples, this.nowMs, false);
    });
  }

  /** Coughs: noise for so long, in which there is no word. */
  cough(ms = 150): Promise<SaidLine> {
    return this.#step(`cough(${ms})`, async () => {
      if (!(ms >= 10 && ms <= 10_000)) throw outOfRange('ms', '10 to 10000', ms);
      const random = seededRandom(ms);
      const length = Math.round((ms * this.#context.stage.sampleRate) / 1_000);
      const samples = Int16Array.from({ length }, () => Math.round(8_000 * (2 * random() - 1)));
      return this.#context.speak(this.#person, COUGH, samples, this.nowMs, false);
    });
  }

  wait(ms: number): Promise<void> {
    return this.#step(`wait(${ms})`, async () => {
      if (!(ms >= 0)) throw outOfRange('ms', 'at least 0 ms', ms);
      await this.#context.wait(ms);
    });
  }

  /**
   * Speaks under the agent's voice: under what it says now, or what it says next. Resolves with its last sample.
   *
   * @throws `SLUICE_SCENARIO_EXPECTATION` when the agent does not speak, or never says the word
   */
  bargeInAt(moment: BargeInMoment, text: string, options: ExpectOptions = {}): Promise<SaidLine> {
    const step = `bargeInAt(${JSON.stringify(moment)}, ${JSON.stringify(text)})`;
    return this.#step(step, () => bargeInAt(this.#listener, moment, text, options));
  }

  /**
   * Waits until the agent has said it: in one line of its log, or in all since what was expected last. What the log says
   * was heard must be in the samples at the ear, and in what the ear understood where it has a recogniser.
   *
   * @throws `SLUICE_SCENARIO_EXPECTATION`
   */
  expectHeard(looked: string | RegExp, options: ExpectHeardOptions = {}): Promise<void> {
    const step = `expectHeard(${looked instanceof RegExp ? looked : JSON.stringify(looked)})`;
    return this.#step(step, () => expectHeard(step, this.#listener, looked, options));
  }

  /**
   * The agent falls silent within so long after the first sample of what this person said last, at this person's ear, and
   * stays so for 250 ms.
   *
   * @throws `SLUICE_SCENARIO_EXPECTATION`
   */
  expectSilenceWithin(ms: number): Promise<void> {
    return this.#step(`expectSilenceWithin(${ms})`, () => expectSilenceWithin(this.#listener, ms));
  }

  /** The agent says nothing for so long from now on. */
  expectSilence(ms: number): Promise<void> {
    return this.#step(`expectSilence(${ms})`, () => expectSilence(this.#listener, ms));
  }

  /** The whole log is, or becomes, these lines: `person: hello`, `agent: Hello. -` where it was cut, patterns, or parts. */
  expectLog(lines: readonly ExpectedLine[], options: ExpectOptions = {}): Promise<void> {
    const step = `expectLog(${lines.length} lines)`;
    return this.#step(step, () => expectLog(this.#context, lines, options));
  }

  /** Waits until the agent listens again: nobody thinks and nobody speaks. */
  expectListening(options: ExpectOptions = {}): Promise<void> {
    return this.#step('expectListening()', () => expectListening(this.#context, options));
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

  #step<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#context.step(this.name, name, work);
  }

  #onlyVirtual(what: string): void {
    if (this.mode !== 'virtual') throw notInMode(what, this.mode);
  }
}
