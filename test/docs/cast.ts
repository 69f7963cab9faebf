// Who stands in the pages without being introduced. A block that says of somebody what they are has another of that name.

import type {
  AudioFrame,
  Flow,
  Frame,
  Graph,
  InputPort,
  NodeHandlers,
  PortSpec,
  Sink,
  Source,
  VideoFrame,
} from '@sluice/core';
import type { SessionProgram } from '@sluice/core/session';
import type { LanguageModel, Recognizer, Synthesizer, VoiceDetector } from '@sluice/core/voice';
import type { FleetWorker } from '@sluice/fleet';
import type { VoiceAgentOptions } from '@sluice/nodes';
import type { LocalService } from '@sluice/service/testing';
import type { CallClient, toMicrophone, VirtualMicrophoneDevice } from '@sluice/transport';
import type { OperatorFunction } from 'rxjs';
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
  // A fleet.
  const worker: FleetWorker;
  // A graph.
  const bot: Graph;
  const source: Source<AudioFrame>;
  const operator: OperatorFunction<AudioFrame, AudioFrame>;
  const sink: Sink<AudioFrame>;
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
  function myRecognizer(): Recognizer;
  function myModel(): LanguageModel;
  function myVoice(): Synthesizer;
  function askTheWeather(args: Readonly<Record<string, unknown>>): Promise<string>;
  // What the reader does.
  function draw(levels: unknown): void;
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
