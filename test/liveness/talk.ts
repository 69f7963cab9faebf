import { type Graph, graph } from '@sluice/core';
import { type FrameTracker, trackFrames, VirtualClock } from '@sluice/core/testing';
import { type AgentEvent, type VoiceAgent, voiceAgent } from '@sluice/nodes';
import { Daily, toMicrophone } from '@sluice/transport';
import { type SentSound, type VirtualMediaHost, virtualMediaHost } from '@sluice/transport/testing';
import type { DeviceUse } from '../../packages/transport/src/devices/device-use.ts';
import { DeviceRegistry, setCurrentDevices } from '../../packages/transport/src/devices/registry.ts';
import type { Deed, Sequence } from './actions.ts';
import { FaultPlan } from './fault-plan.ts';
import { faultyDetector } from './faulty-ears.ts';
import { faultyModels } from './faulty-models.ts';
import { faultyTools } from './faulty-tools.ts';
import type { ToldPast } from './memory.ts';
import { doModelDeed } from './model-deeds.ts';
import { People } from './people.ts';
import type { Setup } from './setup.ts';
import { FarEar, RATE } from './spoken-words.ts';

/** Short ones, so that each is reached often. */
export const bounds = { thinkingMs: 3_000, speakingMs: 4_000, mutedMs: 3_000, aloneMs: 6_000, toolMs: 800 };

/** A conversation in virtual time with everything that may go wrong in it. */
export class Talk {
  readonly setup: Setup;
  readonly clock = new VirtualClock();
  readonly plan = new FaultPlan();
  readonly people: People;
  readonly farEar = new FarEar();
  readonly events: AgentEvent[] = [];
  readonly told: ToldPast[] = [];
  readonly frames: FrameTracker = trackFrames();
  readonly graph: Graph;
  readonly agent: VoiceAgent;
  /** The engine is gone for good: the graph has to fail. */
  engineFailed = false;
  /** What the graph failed with. */
  failure: unknown;
  readonly #host: VirtualMediaHost;
  readonly #devices: DeviceRegistry;
  readonly #farSide: DeviceUse;
  /** What ends what lasts. */
  readonly #ends: (() => void)[] = [];
  #count = 0;
  #fillers = 0;

  constructor(setup: Setup) {
    const { clock, plan } = this;
    const { added, filler, notUnderstood } = setup;
    this.setup = setup;
    const onSound = ({ samples }: SentSound) => this.farEar.hear(samples, clock.now());
    this.#host = virtualMediaHost(clock, { keep: false, onSound });
    this.#devices = new DeviceRegistry({ clock, createHost: () => this.#host });
    setCurrentDevices(this.#devices);
    const microphone = Daily.createMicrophoneDevice('agent', { sampleRate: RATE, channels: 1 });
    this.#farSide = microphone.input.use();
    this.graph = graph('agent', { clock, random: () => 0.5 });
    const { recognizer, ...models } = faultyModels(plan, setup, (messages) =>
      this.told.push({ messages, log: this.agent.log.toString() }),
    );
    const people = new People({ clock, aloneMs: bounds.aloneMs, added, recognizer, agent: () => this.agent });
    this.people = people;
    const nextFiller = () => `W${3_500 + ++this.#fillers}.`;
    this.agent = voiceAgent(this.graph, {
      ...(added ? {} : { hears: this.graph.from(people.ann.source()) }),
      speaks: toMicrophone(microphone),
      detector: faultyDetector(plan),
      recognizer: people.annsRecognizer,
      ...models,
      tools: faultyTools(clock),
      bounds,
      ...(filler && {
        filler: {
          afterMs: 400,
          get text() {
            return nextFiller();
          },
        },
      }),
      ...(notUnderstood && { notUnderstood: 'Pardon me?' }),
      onEvent: (event) => this.events.push(event),
    });
    if (added) people.annComes();
    this.graph.finished.catch((error: unknown) => {
      this.failure = error;
    });
  }

  /** The agent has ended, or what it lives in has. */
  get isOver(): boolean {
    return this.agent.state.state === 'ended' || this.failure !== undefined;
  }

  async play({ actions }: Pick<Sequence, 'actions'>): Promise<void> {
    await this.graph.start();
    if (actions[0]?.deed.do !== 'unheard') this.#farSide.set('heard');
    for (const { afterMs, deed } of actions) {
      await this.advance(afterMs);
      await this.#do(deed);
    }
  }

  /** Everything works from now on, and nobody speaks. */
  endFaults(): void {
    for (const end of this.#ends.splice(0)) end();
    this.plan.end();
    this.people.hush();
    this.#farSide.set('heard');
    if (this.agent.state.state === 'muted') this.agent.unmute();
    // One that has ended has no voice any more.
    if (!this.isOver) this.graph.resume({ scope: 'mouth' });
  }

  /** Moves on; stops early as soon as `done`. */
  async advance(ms: number, done?: () => boolean): Promise<boolean> {
    const end = this.clock.now() + ms;
    while (this.clock.now() < end) {
      if (done?.() === true) return true;
      const until = Math.min(end, this.clock.now() + (done === undefined ? ms : 100));
      const reached = new Promise<void>((resolve) => this.clock.at(until, resolve));
      await this.clock.run({ until: reached });
    }
    return done?.() ?? true;
  }

  async close(): Promise<void> {
    this.agent.end();
    this.graph.abort();
    await this.advance(500);
    await this.#devices.close();
    setCurrentDevices(undefined);
    await this.clock.settle();
    this.frames.stop();
  }

  async #do(deed: Deed): Promise<void> {
    const { agent, graph, plan, people, clock } = this;
    const later = (ms: number, then: () => void) => {
      const cancel = clock.at(clock.now() + ms, then);
      this.#ends.push(() => {
        cancel();
        then();
      });
    };
    if (doModelDeed({ agent, graph, plan, later, nextNumber: () => 3_000 + ++this.#count }, deed)) return;
    switch (deed.do) {
      case 'speak':
        return people.ann.speak(people.words(), deed.ms);
      case 'turn':
        return void plan.turn.push(deed.fault);
      case 'cough':
        return people.ann.speak('', deed.ms);
      case 'hum':
        return people.ann.speak('uh huh', deed.ms);
      case 'endless':
        people.ann.speak(people.words(), deed.ms);
        return void (await this.advance(deed.ms));
      case 'barge-twice':
        people.ann.speak(people.words(), 40);
        clock.at(clock.now() + 70, () => people.ann.speak(people.words(), 300));
        return;
      case 'bob speaks':
        return people.bob.speak(people.words(), deed.ms);
      case 'bob comes':
        return people.bobComes();
      case 'bob goes':
        return people.bobGoes();
      case 'away':
        people.annGoes();
        return later(deed.ms, () => people.annComes());
      case 'hang':
        return plan.hang(deed.opening);
      case 'host dies':
        return this.#host.die();
      case 'host fails':
        this.engineFailed = true;
        return this.#host.die({ failed: true });
      case 'unheard':
        this.#farSide.set('connecting');
        return later(deed.ms, () => this.#farSide.set('heard'));
      case 'stall':
        return clock.stall(deed.ms);
    }
  }
}
