import { type Graph, graph, realClock } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import { type VoiceAgent, voiceAgent } from '@sluice/nodes';
import { CallClient, followSpeakers, toMicrophone } from '@sluice/transport';
import { type ImpairedPath, impair, TcpRelay } from '@sluice/transport/testing';
import { AUDIBLE } from '../../../packages/scenario/src/stage/ear.ts';
import { createMicrophone } from '../../../packages/transport/src/devices/create-devices.ts';
import { DeviceRegistry } from '../../../packages/transport/src/devices/registry.ts';
import { createChildHost } from '../../../packages/transport/src/host/child/child-host.ts';
import { FaultPlan } from '../fault-plan.ts';
import { faultyDetector, faultyRecognizer } from '../faulty-ears.ts';
import { faultyLanguageModel } from '../faulty-language-model.ts';
import { faultySynthesizer } from '../faulty-synthesizer.ts';
import { faultyTools } from '../faulty-tools.ts';
import type { ToldPast } from '../memory.ts';
import { RATE } from '../spoken-words.ts';
import { bounds } from '../talk.ts';
import { toneWords, understandTones } from './tone-words.ts';

/** As long as real detectors take: a packet that comes late ends no speech. */
const HANG_MS = 200;
/** What an engine plays before it dies and tells too late, with the way to who hears it, in milliseconds. */
const UNTOLD_MS = 1_000;
/** Of the agent's microphone. */
const DEVICE = 'agent';

interface Line {
  readonly client: CallClient;
  readonly devices: DeviceRegistry;
  readonly media: ImpairedPath;
  readonly signalling: TcpRelay;
}

/** An agent in a real call, on a network that can be broken and with an engine that can be killed. */
export class RealAgent {
  readonly plan = new FaultPlan();
  readonly told: ToldPast[] = [];
  /** What failed beside the agent's own doing. */
  readonly faults: string[] = [];
  readonly graph: Graph;
  readonly agent: VoiceAgent;
  readonly line: Line;
  readonly #deaths: number[] = [];

  /** Enters a room of the server at a port. */
  static async join(room: { readonly port: number; readonly name: string; readonly seed: number }): Promise<RealAgent> {
    const { port, name, seed } = room;
    const devices = new DeviceRegistry({ createHost: () => createChildHost() });
    const client = new CallClient({ devices });
    const media = await impair(client, { seed, sockets: 32 });
    const signalling = await TcpRelay.open({ port });
    const agent = new RealAgent({ client, devices, media, signalling }, seed);
    try {
      await agent.graph.start();
      const inputs = { camera: false, microphone: { isEnabled: true, settings: { deviceId: DEVICE } } } as const;
      const url = `http://127.0.0.1:${signalling.port}/${name}`;
      await client.join(url, { userName: DEVICE, clientSettings: { inputs } });
      return agent;
    } catch (error) {
      await agent.close();
      throw error;
    }
  }

  constructor(line: Line, seed: number) {
    const { plan } = this;
    this.line = line;
    const microphone = createMicrophone(() => line.devices, DEVICE, { sampleRate: RATE, channels: 1 });
    this.graph = graph(DEVICE, { random: seededRandom(seed) });
    this.agent = voiceAgent(this.graph, {
      speaks: toMicrophone(microphone),
      detector: faultyDetector(plan, { audible: AUDIBLE, hangMs: HANG_MS }),
      recognizer: faultyRecognizer(plan, understandTones),
      model: faultyLanguageModel(plan, (messages) => this.told.push({ messages, log: this.agent.log.toString() })),
      synthesizer: faultySynthesizer(plan, toneWords),
      tools: faultyTools(realClock),
      bounds: { ...bounds, aloneMs: 60_000 },
    });
    followSpeakers(line.client, this.agent, {
      onProblem: (error) => this.faults.push(`a speaker was not followed: ${String(error)}`),
    });
    this.graph.finished.catch((error: unknown) => this.faults.push(`the graph failed: ${String(error)}`));
  }

  get id(): string {
    return this.line.client.participants().local.id;
  }

  /** Kills the engine, which is started anew. */
  kill(): void {
    this.#deaths.push(realClock.now());
    process.kill(this.line.devices.host.pid, 'SIGKILL');
  }

  /** Whether the engine died about when something was heard: what it had played last nobody was told. */
  diedAbout(atMs: number): boolean {
    return this.#deaths.some((death) => Math.abs(atMs - death) < UNTOLD_MS);
  }

  async close(): Promise<void> {
    const { client, devices, media, signalling } = this.line;
    this.agent.end();
    this.graph.abort();
    await client.release();
    media.close();
    await signalling.close();
    await devices.close();
  }
}
