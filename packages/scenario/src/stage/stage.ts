// Where a scenario happens: the agent's graph, and people with a mouth and an ear each. No expectation and no verdict.

import type { AudioFrame, Clock, Flow, Graph, Source } from '@sluice/core';
import type { RunningSession, SessionEnv } from '@sluice/core/session';
import type { AgentEvent, VoiceAgent } from '@sluice/nodes';
import type { CallClient, PlayoutSink } from '@sluice/transport';
import type { SampleLine } from '../room/sample-line.ts';
import type { EchoOptions, NoiseOptions, PlacedSound } from '../room/virtual-participant.ts';
import type { NetworkConditions } from '../room/virtual-path.ts';
import type { Ear } from './ear.ts';

export const stageModes = ['virtual', 'real'] as const;
/** In virtual time without a network, or in real time over a room with real WebRTC. */
export type StageMode = (typeof stageModes)[number];

/** Somebody who came or went, as an agent hears of it. */
export interface Presence {
  /** Which of the two. */
  readonly type: 'joined' | 'left';
  /** As `hearsFrom` takes it. */
  readonly name: string;
}

/** What an agent is given: the same in virtual time and over a real call. */
export interface AgentEnds {
  /** Add to it what you like; it is started by the stage. */
  readonly graph: Graph;
  /** Where a run is recorded, models of services are taken through it: `env.model('mind', () => openaiChat(...))`. */
  readonly env: SessionEnv;
  /** Everybody in the room, mixed, at 16 kHz. */
  readonly hears: Flow<AudioFrame>;
  /** Where its voice goes: into the room. */
  readonly speaks: PlayoutSink;
  /** Pass it on to `voiceAgent`: the log of the run and its figures come of it. */
  readonly onEvent: (event: AgentEvent) => void;
  /** One person alone, by name; to be added at any time: `agent.addSpeaker({ id: name, hears: hearsFrom(name) })`. */
  readonly hearsFrom: (name: string) => Source<AudioFrame>;
  /** Who comes and goes, in order; those who are there are told of at once. Over a call nobody is, before the start. */
  readonly onPresence: (listener: (presence: Presence) => void) => void;
  /** In real mode. */
  readonly client?: CallClient;
}

/** What of an agent is looked at. */
export type ScenarioAgent = Pick<VoiceAgent, 'log' | 'state' | 'prefetch' | 'end'>;

/** Builds an agent into `ends.graph`. It is called once for each run. */
export type MakeAgent = (ends: AgentEnds) => ScenarioAgent | Promise<ScenarioAgent>;

/** An event of the agent and when it was told, on the stage's timeline in milliseconds. */
export interface TimedEvent {
  readonly atMs: number;
  readonly event: AgentEvent;
}

/** A time in which somebody did not get the agent's voice as it was sent. */
export interface Hole {
  /** On the stage's timeline, in milliseconds; over a call to 100 ms. */
  readonly atMs: number;
  /** How much of it was missing, in milliseconds. */
  readonly ms: number;
  /** In how many pieces. */
  readonly count: number;
}

/** What a person's end of the network got of the agent's voice. */
export interface Received {
  readonly holes: readonly Hole[];
  /** Packets that were lost, of sound and of silence. */
  readonly lostPackets: number;
}

export interface StagePerson {
  readonly name: string;
  /** What it said, and what it heard of the agent. */
  readonly mouth: SampleLine;
  readonly ear: Ear;
  /**
   * Speaks samples of the stage's rate at a moment of the timeline, or as soon as possible after it. To the sample in
   * virtual mode, to about 20 ms over a call.
   */
  speak(samples: Int16Array, atMs: number): Promise<PlacedSound>;
  noise(options: NoiseOptions | undefined): void;
  echo(options: EchoOptions | undefined): void;
  /** Between this person and everybody else, both ways. */
  network(conditions: NetworkConditions): void;
  cut(ms: number): void;
  /** Measured now, from the beginning on. */
  received(): Promise<Received>;
  leave(): Promise<void>;
}

/** All times are milliseconds of its timeline, which begins with it. */
export interface Stage {
  readonly mode: StageMode;
  readonly clock: Clock;
  /** The clock where the timeline begins. */
  readonly startMs: number;
  readonly sampleRate: number;
  readonly agent: ScenarioAgent;
  readonly graph: Graph;
  /** If the run is recorded. */
  readonly session: RunningSession | undefined;
  readonly events: readonly TimedEvent[];
  readonly people: ReadonlyMap<string, StagePerson>;
  /** How often the agent's device ran dry so far. */
  readonly underruns: () => number;
  now(): number;
  join(name: string): Promise<StagePerson>;
  /** Lets time go on until the work has settled. Rejects when it has not by then, or when time stands still. */
  drive(work: Promise<unknown>, limitMs: number, stood: () => string): Promise<void>;
  close(): Promise<void>;
}
