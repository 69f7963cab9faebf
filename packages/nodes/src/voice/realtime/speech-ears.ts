import { AudioFrame, audioPort, type Cancel, defineNode, micros, type NodeBlueprint } from '@sluice/core';
import type { SpeechTurnEvent } from '@sluice/core/voice';
import { supervision } from '../agent/agent-context.ts';
import { MediaClock } from '../hearing/media-clock.ts';
import { vad } from '../hearing/vad.ts';
import { AGENT_VOICE } from '../people/speaker.ts';
import { sustained } from '../turns/sustained.ts';
import type { Turn } from '../turns/turn.ts';
import { silence } from '../turns/turn-strategies.ts';
import type { RealtimeContext } from './realtime-options.ts';
import { RecentSound } from './recent-sound.ts';
import type { SpeechLine } from './speech-line.ts';
import { SpokenTurns } from './spoken-turns.ts';

/** The most of what a person says that waits for a session, in milliseconds. */
const MOST_KEPT_MS = 15_000;
/** When no sound comes for so long while the model hears somebody speak, it hears silence: they were muted in mid-word. */
const GAP_MS = 300;
/** The silence that it then hears at a time, in milliseconds. */
const SILENCE_MS = 100;

/** The one whom a realtime agent hears. */
export const PERSON = 'person';

export interface SpeechEarsListener {
  readonly onTurn: (turn: Turn, name: string | undefined) => void;
  readonly onSuspect: () => void;
  readonly onInterrupt: () => void;
  readonly onFalseAlarm: () => void;
  /** They fell silent. */
  readonly onQuiet: () => void;
  /** Whether what they say counts at present. */
  readonly hears: () => boolean;
  /** Whether the agent is heard. */
  readonly isAudible: () => boolean;
}

/** Lets a speech model hear a person, and follows when they speak and when they are done. */
export class SpeechEars {
  readonly #context: RealtimeContext;
  readonly #listener: SpeechEarsListener;
  readonly #line: () => SpeechLine;
  readonly #turns: SpokenTurns;
  readonly #clock = new MediaClock();
  readonly #sound = new RecentSound(MOST_KEPT_MS);
  #writing: Promise<void> | undefined;
  /** Media time behind the last sample, in microseconds. */
  #end = 0;
  /** The same of the last turn that was over. */
  #overAt = 0;
  #gap: Cancel | undefined;
  /** The model's name for the turn under way. */
  #turn: string | undefined;
  /** Whether the model hears somebody speak. */
  #modelHears = false;
  #lost = false;
  #closed = false;

  constructor(context: RealtimeContext, line: () => SpeechLine, listener: SpeechEarsListener) {
    const { graph, options } = context;
    const { model, hears, detector, turns, doubtMs = 1_500 } = options;
    this.#context = context;
    this.#line = line;
    this.#listener = listener;
    this.#turns = new SpokenTurns({
      clock: graph.clock,
      strategies: turns ?? (model.detectsTurns ? [sustained()] : [sustained(), silence()]),
      detectsTurns: model.detectsTurns,
      doubtMs,
      tellsLateMs:
        detector === undefined ? model.silenceMs : detector.latencyMs.silence + (options.vad?.hangOverMs ?? 200),
      endTurn: () => void line().write({ type: 'turn-over' }),
      onTurn: listener.onTurn,
      onSuspect: listener.onSuspect,
      onInterrupt: listener.onInterrupt,
      onFalseAlarm: listener.onFalseAlarm,
    });
    hears.to(graph.add(this.#node(), { name: 'listen', ...supervision }).in.in);
    if (detector === undefined) return;
    const detect = graph.add(vad({ ...options.vad, detector }), { name: 'vad', ...supervision });
    hears.to(detect.in.in);
    detect.out.speech.to({ next: ({ speaking, at, atMs }) => this.#onSpeech(speaking, at, atMs) });
  }

  /** Whether they speak, or have said something that is not settled. */
  get taken(): boolean {
    return this.#turns.inTurn;
  }

  /** Whether the agent is heard, or about to be. */
  set agentSpeaking(speaking: boolean) {
    this.#turns.agentSpeaking = speaking;
  }

  told(event: SpeechTurnEvent): void {
    switch (event.type) {
      case 'speech':
        this.#modelHears = event.speaking;
        this.#turn = event.turn;
        this.#watchGap();
        if (this.#context.options.detector === undefined)
          this.#onSpeech(event.speaking, event.at, this.#clock.msOf(event.at));
        return;
      case 'transcript':
        // Words of an earlier turn may come now.
        if (event.turn === this.#turn) this.#turns.onText(event.text, event.final);
        return;
      case 'turn-over':
        this.#modelHears = false;
        this.#overAt = this.#end;
        if (this.#listener.hears()) this.#turns.onOver(event.turn);
        return;
    }
  }

  /** A session is open: it hears what the one before has not answered, and what nobody has heard. */
  onOpen(): void {
    void this.#pump();
  }

  onLost(): void {
    this.#lost = false;
    this.#modelHears = false;
    this.#sound.rewind();
  }

  /** What they said in turns is known to whoever has to know: no session has to hear it again. */
  release(): void {
    this.#sound.settle(this.#overAt);
    if (!this.#turns.inTurn) this.#sound.release();
  }

  /** They are not heard any more. */
  forget(): void {
    this.#turns.forget();
    this.#sound.release();
  }

  close(): void {
    this.#closed = true;
    this.#gap?.();
    this.#turns.close();
    this.#sound.clear();
  }

  #onSpeech(speaking: boolean, at: number, atMs: number): void {
    const over = speaking && this.#listener.isAudible() ? [AGENT_VOICE] : [];
    this.#context.tell({ type: 'speech', speaker: PERSON, speaking, over, atMs });
    if (!this.#listener.hears()) return;
    if (speaking) this.#sound.keepFrom(at);
    this.#turns.onSpeech(speaking, atMs);
    if (!speaking) this.#listener.onQuiet();
  }

  #node(): NodeBlueprint<{ readonly in: ReturnType<typeof audioPort> }> {
    const { sampleRates, channels } = this.#context.options.model.accepts;
    return defineNode({
      name: 'listen',
      inputs: { in: audioPort({ sampleRate: sampleRates, channels }) },
      outputs: {},
      create: () => ({ onFrame: (_port: string, frame: AudioFrame) => this.#onFrame(frame) }),
    })({}) as never;
  }

  #onFrame(frame: AudioFrame): undefined | Promise<void> {
    if (this.#closed) return void frame.close();
    this.#clock.arrived(frame, this.#context.graph.clock.now());
    this.#end = frame.timestamp + frame.duration;
    this.#take(this.#listener.hears() ? frame : silenced(frame));
    this.#watchGap();
    return this.#pump();
  }

  #take(frame: AudioFrame): void {
    const lostMs = this.#sound.push(frame);
    if (lostMs === 0 || this.#lost) return;
    this.#lost = true;
    const error = new Error(
      `nobody heard what was said more than ${MOST_KEPT_MS} ms ago: there is no session to hear it`,
    );
    this.#context.tell({ type: 'problem', error });
  }

  /** Gives the session what it has not heard. A promise comes only while it has no room. */
  #pump(): undefined | Promise<void> {
    if (this.#writing !== undefined) return this.#writing;
    while (this.#line().isOpen) {
      const frame = this.#sound.next();
      if (frame === undefined) return;
      const written = this.#line().write({ type: 'audio', frame });
      if (written === undefined) continue;
      this.#writing = written.then(() => {
        this.#writing = undefined;
        return this.#pump();
      });
      return this.#writing;
    }
  }

  #watchGap(): void {
    this.#gap?.();
    this.#gap = undefined;
    if (!this.#modelHears) return;
    const { clock } = this.#context.graph;
    this.#gap = clock.at(clock.now() + GAP_MS, () => this.#fillGap());
  }

  #fillGap(): void {
    if (!this.#modelHears) return;
    const sampleRate = this.#context.options.model.accepts.sampleRates[0]!;
    const samples = new Int16Array((sampleRate * SILENCE_MS) / 1_000);
    this.#take(new AudioFrame({ samples, sampleRate, channels: 1, timestamp: micros(this.#end) }));
    this.#end += SILENCE_MS * 1_000;
    void this.#pump();
    const { clock } = this.#context.graph;
    this.#gap = clock.at(clock.now() + SILENCE_MS, () => this.#fillGap());
  }
}

/** The same length without a sound: the model counts time by what it hears. */
function silenced(frame: AudioFrame): AudioFrame {
  const silent = frame.derive({ samples: new Int16Array(frame.samples.length) });
  frame.close();
  return silent;
}
