// Who stands in the pages without being introduced. A block that says of somebody what they are has another of that name.

import type {
  AudioFrame,
  Flow,
  Frame,
  Graph,
  InputPort,
  NodeHandlers,
  PlayoutDevice,
  PortSpec,
  Sink,
  Source,
  VideoFrame,
} from '@sluice/core';
import type { SessionProgram } from '@sluice/core/session';
import type { LanguageModel, Recognizer, Synthesizer, VoiceDetector } from '@sluice/core/voice';
import type { Bot, BotContext, Fleet, FleetConnection, FleetWorker } from '@sluice/fleet';
import type { RunFile } from '@sluice/inspector';
import type { VoiceAgentOptions } from '@sluice/nodes';
import type { Scenario } from '@sluice/scenario';
import type { LocalService } from '@sluice/service/testing';
import type {
  CallClient,
  toMicrophone,
  VirtualCameraDevice,
  VirtualMicrophoneDevice,
  VirtualSpeakerDevice,
} from '@sluice/transport';
import type { OperatorFunction } from 'rxjs';
import type { WebSocket, WebSocketServer } from 'ws';
import type { bitcrush } from '../../packages/plugin-minimal/src/bitcrush.ts';

declare global {
  // A call.
  const client: CallClient;
  const hearer: CallClient;
  const microphone: VirtualMicrophoneDevice;
  const mic: VirtualMicrophoneDevice & Source<AudioFrame>;
  const url: string;
  const token: string;
  const id: string;
  const speakerId: string;
  const serverPort: number;
  const username: string;
  const credential: string;
  const apiKey: string;
  const caller: string;
  const speaker: VirtualSpeakerDevice;
  const device: VirtualCameraDevice;
  const camera: Source<VideoFrame>;
  // A fleet.
  const worker: FleetWorker;
  const fleet: Fleet;
  const nats: FleetConnection;
  function greeter(room: string, lease: BotContext['lease']): Bot;
  // A graph.
  const bot: Graph;
  const source: Source<AudioFrame>;
  const operator: OperatorFunction<AudioFrame, AudioFrame>;
  const sink: Sink<AudioFrame>;
  const music: Source<AudioFrame>;
  const horn: PlayoutDevice;
  const splitter: typeof bitcrush;
  const denoise: typeof bitcrush;
  // What flows.
  const frame: AudioFrame;
  const samples: Int16Array;
  const sent: Int16Array;
  const heard: Int16Array;
  const original: VideoFrame;
  const shown: VideoFrame;
  interface TextFrame extends Frame {
    readonly kind: 'text';
    readonly text: string;
  }
  // A conversation.
  const hears: Flow<AudioFrame>;
  const speaks: ReturnType<typeof toMicrophone>;
  const voice: Flow<AudioFrame>;
  const ears: { readonly in: { readonly in: InputPort<AudioFrame> } };
  const detector: VoiceDetector;
  const recognizer: Recognizer;
  const model: LanguageModel;
  const synthesizer: Synthesizer;
  const models: Pick<VoiceAgentOptions, 'detector' | 'recognizer' | 'model' | 'synthesizer'>;
  const program: SessionProgram;
  const greeting: Scenario;
  function myRecognizer(): Recognizer;
  function myModel(): LanguageModel;
  function myVoice(): Synthesizer;
  function askTheWeather(args: Readonly<Record<string, unknown>>): Promise<string>;
  // Sockets, and a process that can be looked at.
  const server: WebSocketServer;
  const socket: WebSocket;
  const file: RunFile;
  function read(message: unknown): unknown;
  // What is of others.
  const { expect, it }: typeof import('vitest');
  const { writeFile }: typeof import('node:fs/promises');
  const { concatMap }: typeof import('rxjs');
  // What the reader does.
  function draw(levels: unknown): void;
  function classify(frame: AudioFrame, options?: { signal: AbortSignal }): Promise<AudioFrame>;
  function detectFaces(picture: VideoFrame): Promise<VideoFrame>;
  function play(samples: Int16Array): void;
  function synthesize(text: string): AsyncIterable<Int16Array>;
  function earsOf(model: 'tiny' | 'large'): NodeHandlers<{ in: PortSpec<AudioFrame> }>;
  function fetchModel(
    name: string,
    options: { signal: AbortSignal; onBytes: (loaded: number, total: number) => void },
  ): Promise<void>;
  function startExampleServer(): Promise<LocalService>;
  function exampleSpeech(options: { baseUrl: string; connectMs: number; silenceMs: number }): Synthesizer;
}
