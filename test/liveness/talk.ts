import { type Graph, graph } from '@sluice/core';
import { type FrameTracker, trackFrames, VirtualClock } from '@sluice/core/testing';
import { type AgentEvent, type VoiceAgent, voiceAgent } from '@sluice/nodes';
import { Daily, toMicrophone } from '@sluice/transport';
import { type SentSound, type VirtualMediaHost, virtualMediaHost } from '@sluice/transport/testing';
import type { DeviceUse } from '../../packages/transport/src/devices/device-use.ts';
import { DeviceRegistry, setCurrentDevices } from '../../packages/transport/src/devices/registry.ts';
import type { Action, Deed } from './actions.ts';
import { FaultPlan } from './fault-plan.ts';
import { faultyDetector, faultyRecognizer } from './faulty-ears.ts';
import { faultyLanguageModel } from './faulty-language-model.ts';
import { faultySynthesizer } from './faulty-synthesizer.ts';
import { faultyTools } from './faulty-tools.ts';
import type { ToldPast } from './memory.ts';
import { doModelDeed } from './model-deeds.ts';
import { Person, understandPerson } from './person.ts';
import { FarEar, RATE, squareWords } from './spoken-words.ts';

/** Short ones, so that each is reached often. */
export const bounds = { thinkingMs: 3_000, speakingMs: 4_000, mutedMs: 3_000, aloneMs: 6_000, toolMs: 800 };

/** A conversation in virtual time with everything that may go wrong in it. */
export class Talk {
  readonly clock = new VirtualClock();
  readonly plan = new FaultPlan();
  readonly person = new Person(this.clock);
  readonly farEar = new FarEar();
  readonly events: AgentEvent[] = [];
  readonly told: ToldPast[] = [];
  readonly frames: FrameTracker = trackFrames();
  readonly graph: Graph;
  readonly agent: VoiceAgent;
  readonly #host: VirtualMediaHost;
  readonly #devices: DeviceRegistry;
  readonly #farSide: DeviceUse;
  /** What ends what lasts. */
  readonly #ends: (() => void)[] = [];
  #count = 0;
  #spoken = 0;

  constructor() {
    const { clock, plan, person } = this;
    const onSound = ({ samples }: SentSound) => this.farEar.hear(samples, clock.now());
    this.#host = virtualMediaHost(clock, { keep: false, onSound });
    this.#devices = new DeviceRegistry({ clock, createHost: () => this.#host });
    setCurrentDevices(this.#devices);
    const microphone = Daily.createMicrophoneDevice('agent', { sampleRate: RATE, channels: 1 });
    this.#farSide = microphone.input.use();
    this.graph = graph('agent', { clock, random: () => 0.5 });
    this.agent = voiceAgent(this.graph, {
      hears: this.graph.from(person.source()),
      speaks: toMicrophone(microphone),
      detector: faultyDetector(plan),
      recognizer: faultyRecognizer(plan, () => understandPerson(person)),
      model: faultyLanguageModel(plan, (messages) => this.told.push({ messages, log: this.agent.log.toString() })),
      synthesizer: faultySynthesizer(plan, squareWords),
      tools: faultyTools,
      bounds,
      onEvent: (event) => this.events.push(event),
    });
  }

  async play(actions: readonly Action[]): Promise<void> {
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
    this.person.hush();
    this.person.away = false;
    this.#farSide.set('heard');
    this.agent.setCompany(true);
    if (this.agent.state.state === 'muted') this.agent.unmute();
    this.graph.resume({ scope: 'mouth' });
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
    const { agent, graph, plan, person, clock } = this;
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
        return person.speak(this.#words(), deed.ms);
      case 'cough':
        return person.speak('', deed.ms);
      case 'hum':
        return person.speak('uh huh', deed.ms);
      case 'barge-twice':
        person.speak(this.#words(), 40);
        clock.at(clock.now() + 70, () => person.speak(this.#words(), 300));
        return;
      case 'host dies':
        return this.#host.die();
      case 'unheard':
        this.#farSide.set('connecting');
        return later(deed.ms, () => this.#farSide.set('heard'));
      case 'away':
        person.away = true;
        agent.setCompany(false);
        return later(deed.ms, () => {
          person.away = false;
          agent.setCompany(true);
        });
      case 'stall':
        return clock.stall(deed.ms);
    }
  }

  #words(): string {
    return `p${++this.#spoken} and q${this.#spoken}`;
  }
}
