import { checkKeys, invalidArgument, toError } from '@sluice/core';
import type { NotReplayable } from '@sluice/core/session';
import { overBudget } from './errors.ts';
import { budgetFaults } from './measure/budgets.ts';
import { measureRun, type ScenarioMetrics } from './measure/metrics.ts';
import type { SampleLine } from './room/sample-line.ts';
import type { Scenario } from './scenario.ts';
import type { RecordTo } from './stage/open-bot.ts';
import { openRealStage } from './stage/real-stage.ts';
import { type Received, type Stage, type StageMode, type StagePerson, stageModes } from './stage/stage.ts';
import { openVirtualStage } from './stage/virtual-stage.ts';
import { momentsOf } from './talk/moments-of.ts';
import { Talk } from './talk/talk.ts';
import { type Step, TalkContext } from './talk/talk-context.ts';
import { type Moment, showTimeline } from './talk/timeline.ts';
import { toneVoice } from './voice/tone-voice.ts';
import { VoiceBook } from './voice/voice-book.ts';

/** How a scenario is run: in which time, by which seed, recorded or not. */
export interface RunScenarioOptions {
  /** Default `virtual`. */
  readonly mode?: StageMode;
  /** Instead of the scenario's own. */
  readonly seed?: number;
  /** Wall-clock time for which virtual time may stand still, in milliseconds. Default 60,000. */
  readonly stallMs?: number;
  /** Records the agent's graph into a session, with sound and words: `scenarioProgram` replays it. */
  readonly record?: RecordTo;
  /** Ends the run before its end: it does not pass, and its error is the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How a run went. */
export interface ScenarioResult {
  /** Of the scenario. */
  readonly name: string;
  /** Whether it ran in virtual time or over a real call. */
  readonly mode: StageMode;
  /** What chance was drawn from: the same gives the same run in virtual time. */
  readonly seed: number;
  /** All steps and all budgets held. */
  readonly passed: boolean;
  /** Why it did not pass: what was expected, and what was there instead. */
  readonly error?: Error;
  /** Where it failed. Absent where it passed, where a budget was what failed, and where the agent never stood. */
  readonly failedStep?: Step;
  /** Scenario time and time of the machine, in milliseconds. */
  readonly scenarioMs: number;
  /** Time of the machine, in milliseconds. */
  readonly wallMs: number;
  /** Absent if the agent never stood. */
  readonly metrics?: ScenarioMetrics;
  /** Where the run was recorded to, and what of it a replay cannot do again. */
  readonly session?: { readonly file: string; readonly notReplayable: readonly NotReplayable[] };
  /** What was said, heard and logged, a line each. */
  readonly timeline: readonly string[];
  /** The log of the agent, as JSON lines; times are of the timeline. */
  readonly log: string;
  /** What the first person said and heard, and what everybody said. */
  readonly sound?: { readonly person: SampleLine; readonly agent: SampleLine; readonly people: readonly SampleLine[] };
}

/** How long the agent may take to come to rest after the last step, in milliseconds. */
const REST_MS = 10_000;

/**
 * Runs a scenario. It never hangs: it ends at its `limitMs`, and when virtual time stands still for `stallMs`. Failures of
 * the scenario are in the result.
 *
 * @example
 * const { passed, error } = await runScenario(greeting);
 * @throws TypeError for options that do not exist, or a mode that the scenario does not run in
 */
export async function runScenario(scenario: Scenario, options: RunScenarioOptions = {}): Promise<ScenarioResult> {
  checkKeys<RunScenarioOptions>('runScenario', options, {
    mode: true,
    seed: true,
    stallMs: true,
    record: true,
    signal: true,
  });
  const { mode = 'virtual', seed = scenario.options.seed ?? 1, stallMs = 60_000, record, signal } = options;
  const { modes = stageModes } = scenario.options;
  if (!modes.includes(mode)) throw invalidArgument('mode', `one of ${modes.join(', ')} for this scenario`, mode);
  const run = new Run(scenario, mode, seed, stallMs, record, signal);
  return run.result();
}

class Run {
  readonly #scenario: Scenario;
  readonly #mode: StageMode;
  readonly #seed: number;
  readonly #stallMs: number;
  readonly #record: RecordTo | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #beganAt = performance.now();
  #stage: Stage | undefined;
  #context: TalkContext | undefined;
  #error: Error | undefined;

  constructor(
    scenario: Scenario,
    mode: StageMode,
    seed: number,
    stallMs: number,
    record: RecordTo | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#scenario = scenario;
    this.#mode = mode;
    this.#seed = seed;
    this.#stallMs = stallMs;
    this.#record = record;
    this.#signal = signal;
  }

  async result(): Promise<ScenarioResult> {
    await this.#trying(async () => {
      this.#signal?.throwIfAborted();
      const stage = await this.#open();
      await this.#play(stage);
    });
    const stage = this.#stage;
    const context = this.#context;
    if (stage === undefined || context === undefined) return this.#resultOf(undefined, []);
    const scenarioMs = stage.now();
    const failedStep = this.#error === undefined ? undefined : context.failedStep;
    // A reply that goes on would be measured in half.
    await this.#trying(() => this.#rest(stage, context));
    const metrics = measureRun(stage, context.said, await this.#received(stage, context));
    await this.#trying(async () => {
      const faults = budgetFaults(this.#scenario.options.budgets ?? {}, metrics);
      if (faults.length > 0) throw overBudget(faults);
    });
    if (failedStep !== undefined) context.note(failedStep.who ?? 'error', `begins ${failedStep.name}`, failedStep.atMs);
    if (this.#error !== undefined) context.note('error', this.#error.message, scenarioMs);
    const moments = [...context.moments, ...momentsOf(stage)];
    const result = { ...this.#resultOf(metrics, moments, scenarioMs), ...(failedStep && { failedStep }) };
    await this.#trying(() => stage.close());
    // What was asked for and is not there is a failure.
    const lost = stage.session?.error;
    return lost === undefined ? result : { ...result, passed: false, error: result.error ?? lost };
  }

  async #open(): Promise<Stage> {
    const { people = { person: toneVoice() }, agent, ear } = this.#scenario.options;
    const open = this.#mode === 'virtual' ? openVirtualStage : openRealStage;
    const stage = await open({
      agent,
      people: Object.keys(people),
      seed: this.#seed,
      stallMs: this.#stallMs,
      ...(ear === undefined ? {} : { ear }),
      ...(this.#record === undefined ? {} : { record: this.#record }),
    });
    this.#stage = stage;
    this.#context = new TalkContext(stage, new VoiceBook(people, stage.sampleRate));
    return stage;
  }

  async #play(stage: Stage): Promise<void> {
    const context = this.#context!;
    const talks = new Map<StagePerson, Talk>();
    const talkOf = (name: string): Talk => {
      const person = stage.people.get(name);
      if (person === undefined) throw invalidArgument('name', `one of ${[...stage.people.keys()].join(', ')}`, name);
      const talk = talks.get(person) ?? new Talk(context, person, talkOf);
      talks.set(person, talk);
      return talk;
    };
    const [first] = stage.people.keys();
    const playing = this.#scenario.play(talkOf(first!));
    try {
      const { limitMs = 120_000 } = this.#scenario.options;
      await stage.drive(unlessAborted(playing, this.#signal), limitMs, () => context.stood);
    } catch (error) {
      // What still waits ends as well.
      context.end(toError(error));
      playing.catch(() => {});
      throw error;
    }
  }

  async #rest(stage: Stage, context: TalkContext): Promise<void> {
    if (this.#error !== undefined || stage.graph.status !== 'running') return;
    const atRest = () => stage.agent.state.state === 'listening' || stage.agent.state.state === 'ended';
    await stage.drive(context.until(atRest, REST_MS), 2 * REST_MS, () => 'the end of the last reply');
  }

  async #received({ people }: Stage, context: TalkContext): Promise<readonly Received[]> {
    const all: Received[] = [];
    for (const person of people.values()) {
      const received = await person.received();
      for (const { atMs, ms } of received.holes)
        context.note(person.name, `misses ${Math.round(ms)} ms of the agent`, atMs);
      all.push(received);
    }
    return all;
  }

  async #trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#error ??= toError(error);
    }
  }

  #resultOf(metrics: ScenarioMetrics | undefined, moments: readonly Moment[], scenarioMs = 0): ScenarioResult {
    const stage = this.#stage;
    const error = this.#error;
    const people = [...(stage?.people.values() ?? [])];
    const [person] = people;
    const record = stage?.session && this.#record;
    return {
      name: this.#scenario.name,
      mode: this.#mode,
      seed: this.#seed,
      passed: error === undefined,
      ...(error === undefined ? {} : { error }),
      scenarioMs,
      wallMs: performance.now() - this.#beganAt,
      ...(metrics === undefined ? {} : { metrics }),
      ...(record && { session: { file: record.file, notReplayable: stage!.session!.notReplayable } }),
      timeline: showTimeline(moments),
      log: stage?.agent.log.toString() ?? '',
      ...(person === undefined
        ? {}
        : { sound: { person: person.mouth, agent: person.ear.line, people: people.map(({ mouth }) => mouth) } }),
    };
  }
}

/** Work that is waited for no longer than until somebody ends the run. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  let end = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    end = () => reject(signal.reason);
    signal.addEventListener('abort', end, { once: true });
  });
  if (signal.aborted) end();
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
