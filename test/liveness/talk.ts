import { type Graph, graph } from '@sluice/core';
import { type FrameTracker, trackFrames, VirtualClock } from '@sluice/core/testing';
import type { Message } from '@sluice/core/voice';
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
import { Person } from './person.ts';
import { FarEar, RATE } from './spoken-words.ts';

/** Short ones, so that each is reached often. */
export const bounds = { thinkingMs: 3_000, speakingMs: 4_000, mutedMs: 3_000, aloneMs: 6_000, toolMs: 800 };

/** A conversation in virtual time with everything that may go wrong in it. */
export class Talk {
  readonly clock = new VirtualClock();
  readonly plan = new FaultPlan();
  readonly person = new Person(this.clock);
  readonly farEar = new FarEar();
  readonly events: AgentEvent[] = [];
  /** What the model was told of the past, each time, with the words that the log had by then. */
  readonly told: { readonly messages: readonly Message[]; readonly log: string }[] = [];
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
      recognizer: faultyRecognizer(plan, person),
      model: faultyLanguageModel(plan, (messages) => this.told.push({ messages, log: this.agent.log.toString() })),
      synthesizer: faultySynthesizer(plan),
      tools: {
        works: { description: 'works', run: () => 'done' },
        throws: { description: 'throws', run: () => Promise.reject(new Error('broken')) },
        hangs: { description: 'hangs', run: () => new Promise(() => {}) },
      },
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
    const { agent, plan, person, clock } = this;
    const after = (ms: number, then: () => void) => {
      const cancel = clock.at(clock.now() + ms, then);
      this.#ends.push(() => {
        cancel();
        then();
      });
    };
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
      case 'mind':
        return void plan.mind.push(deed.fault);
      case 'voice':
        return void plan.voice.push(deed.fault);
      case 'ear':
        return void plan.ear.push(deed.fault);
      case 'detector':
        plan.detector = deed.fault;
        return after(deed.ms, () => {
          plan.detector = undefined;
        });
      case 'refuse':
        plan.refusals[deed.opening] = deed.times;
        return;
      case 'host dies':
        return this.#host.die();
      case 'unheard':
        this.#farSide.set('connecting');
        return after(deed.ms, () => this.#farSide.set('heard'));
      case 'held':
        void this.graph.pause({ scope: 'mouth', maxMs: 1_000 }).catch(() => {});
        return after(deed.ms, () => this.graph.resume({ scope: 'mouth' }));
      case 'away':
        person.away = true;
        agent.setCompany(false);
        return after(deed.ms, () => {
          person.away = false;
          agent.setCompany(true);
        });
      case 'stall':
        return clock.stall(deed.ms);
      case 'say':
        void agent.say(`W${3_000 + ++this.#count}.`, { polite: deed.polite });
        return;
      case 'mute':
        return agent.mute('host');
      case 'unmute':
        return agent.unmute();
      case 'interrupt':
        return void agent.interrupt();
    }
  }

  #words(): string {
    return `p${++this.#spoken} and q${this.#spoken}`;
  }
}
