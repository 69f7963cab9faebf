import type { AudioFrame, Flow } from '@sluice/core';
import { transcribe } from '../hearing/transcribe.ts';
import { vad } from '../hearing/vad.ts';
import { recognizerTurns } from '../turns/recognizer-turns.ts';
import { backChannels, silence } from '../turns/turn-strategies.ts';
import { type Turn, TurnTaker } from '../turns/turn-taker.ts';
import type { SpeechFrame } from '../voice-frames.ts';
import { type AgentContext, supervision } from './agent-context.ts';

export interface EarsListener {
  readonly onTurn: (turn: Turn) => void;
  /** They speak under the agent's voice: it may be an interruption. */
  readonly onSuspect: () => void;
  readonly onInterrupt: () => void;
  readonly onFalseAlarm: () => void;
  /** They fell silent. */
  readonly onQuiet: () => void;
  /** Whether what they say counts at present. */
  readonly hears: () => boolean;
}

/** Hears one person: when they speak, what they say, and when they are done. */
export class Ears {
  readonly #taker: TurnTaker;
  readonly #listener: EarsListener;
  #speaking = false;

  constructor({ graph, options }: AgentContext, hears: Flow<AudioFrame>, listener: EarsListener) {
    const { detector, recognizer, doubtMs } = options;
    const { turns = [recognizer.turns === true ? recognizerTurns() : silence(), backChannels()] } = options;
    this.#listener = listener;
    this.#taker = new TurnTaker({
      clock: graph.clock,
      strategies: turns,
      recognizerLatencyMs: recognizer.latencyMs,
      ...(doubtMs === undefined ? {} : { doubtMs }),
      onTurn: listener.onTurn,
      onSuspect: listener.onSuspect,
      onInterrupt: listener.onInterrupt,
      onFalseAlarm: listener.onFalseAlarm,
    });
    const detect = graph.add(vad({ ...options.vad, detector }), { name: 'vad', ...supervision });
    const scribe = graph.add(transcribe({ recognizer }), { name: 'transcribe', ...supervision });
    hears.to(detect.in.in);
    detect.out.audio.to(scribe.in.audio);
    detect.out.speech.to(scribe.in.speech);
    detect.out.speech.to({ next: (frame: SpeechFrame) => this.#onSpeech(frame) });
    scribe.out.out.to({ next: (frame) => this.#taker.onTranscript(frame) });
  }

  /** Whether they speak, or have said something that is not settled. */
  get taken(): boolean {
    return this.#speaking || this.#taker.inTurn;
  }

  /** Whether the agent is heard, or about to be. */
  set agentSpeaking(speaking: boolean) {
    this.#taker.agentSpeaking = speaking;
  }

  close(): void {
    this.#taker.close();
  }

  #onSpeech(frame: SpeechFrame): void {
    this.#speaking = frame.speaking;
    if (this.#listener.hears()) this.#taker.onSpeech(frame);
    if (!frame.speaking) this.#listener.onQuiet();
  }
}
