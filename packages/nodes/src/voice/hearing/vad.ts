// Hearing: when somebody speaks and what is said. No turn and no reply.

import {
  type AudioFrame,
  audioPort,
  type Cancel,
  checkKeys,
  defineNode,
  framePort,
  invalidArgument,
  type Micros,
  micros,
  type NodeBlueprint,
  type NodeContext,
  type NodeHandlers,
  type PortSpec,
} from '@sluice/core';
import { isVoiceModel, type VoiceDetector, type VoiceDetectorEvent } from '@sluice/core/voice';
import { checkMs } from '../../options/check-option.ts';
import { ModelLine } from '../model-line.ts';
import type { SpeechFrame } from '../voice-frames.ts';
import { MediaClock } from './media-clock.ts';

/** With which model {@link vad} tells speech, and from when on. */
export interface VadOptions<Settings = unknown> {
  /** What is opened, once for each run of the node. Its rates and channels are those of the ports. */
  readonly detector: VoiceDetector<Settings>;
  /** What the detector takes beside its defaults. */
  readonly settings?: Partial<Settings>;
  /** Keys and passwords of the model, by name; they appear in no message. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Whether only speech leaves `audio`, with `preRollMs` before and `hangOverMs` after it. Default false: everything. */
  readonly gate?: boolean;
  /** Sound before the first voiced sample that leaves a gate, in milliseconds. Default 300. */
  readonly preRollMs?: number;
  /** Pauses up to this long are no end of speech, in milliseconds. Default 200. */
  readonly hangOverMs?: number;
  /** Without any sound for so long speech is over, in milliseconds: somebody was muted in mid-word. Default 1,000. */
  readonly idleMs?: number;
}

interface VadInputs extends Record<string, PortSpec> {
  readonly in: PortSpec<AudioFrame>;
}
interface VadOutputs extends Record<string, PortSpec> {
  readonly audio: PortSpec<AudioFrame>;
  readonly speech: PortSpec<SpeechFrame>;
}

/**
 * Tells on `speech` when somebody begins and ceases to speak, by any detector, and passes the sound on at `audio`. The end
 * of speech is told when it has lasted `hangOverMs`, or when no sound comes for `idleMs`; `toldAt` says how late that was.
 * A node that fails in mid-speech tells the end when it is started anew.
 * Control message: `{ type: 'set-detector', settings }`. Adds no latency to the sound; through a gate the sound before the
 * first voiced sample comes in one piece.
 *
 * @example
 * const ears = bot.add(vad({ detector: fvad() }));
 * bot.from(fromCall(client)).to(ears.in.in);
 * ears.out.speech.to({ next: ({ speaking, at }) => console.log(speaking, at) });
 * @throws TypeError, RangeError at once for options that do not exist, are of the wrong kind or out of range
 * @see transcribe for what is said
 */
export function vad<Settings>(options: VadOptions<Settings>): NodeBlueprint<VadInputs, VadOutputs, undefined> {
  checkKeys<VadOptions<Settings>>('vad', options, {
    detector: true,
    settings: true,
    secrets: true,
    gate: true,
    preRollMs: true,
    hangOverMs: true,
    idleMs: true,
  });
  const { detector, gate = false, preRollMs = 300, hangOverMs = 200, idleMs = 1_000 } = options;
  if (!isVoiceModel(detector, 'voice-detector')) throw invalidArgument('vad.detector', 'a VoiceDetector', detector);
  checkMs('vad.preRollMs', preRollMs);
  checkMs('vad.hangOverMs', hangOverMs);
  checkMs('vad.idleMs', idleMs);
  const { sampleRates, channels } = detector.accepts;
  const untold: Untold = new Map();
  return defineNode({
    name: 'vad',
    inputs: { in: audioPort({ sampleRate: sampleRates, channels }) },
    outputs: { audio: audioPort({ sampleRate: sampleRates, channels }), speech: framePort<SpeechFrame>('speech') },
    produces: ({ in: format }) => (format === undefined ? {} : { audio: format }),
    controls: {
      'set-detector': {
        description: 'Changes settings of the detector while it works.',
        schema: { type: 'object', properties: { settings: { type: 'object' } }, required: ['settings'] },
      },
    },
    create: (_options: object, context) =>
      new VadNode(context as NodeContext<VadOutputs>, options, { gate, preRollMs, hangOverMs, idleMs }, untold),
  })({}) as never;
}

interface Waiting {
  readonly frame: AudioFrame;
  readonly arrivedMs: number;
}

type Bounds = Required<Pick<VadOptions, 'gate' | 'preRollMs' | 'hangOverMs' | 'idleMs'>>;

/** Ends of speech that a node could not tell any more since it failed, by its name: it tells them when it is started anew. */
type Untold = Map<string, SpeechFrame>;

class VadNode<Settings> implements NodeHandlers<VadInputs, undefined, VadOutputs> {
  readonly #context: NodeContext<VadOutputs>;
  readonly #line: ModelLine<AudioFrame, VoiceDetectorEvent, Settings>;
  readonly #bounds: Bounds;
  readonly #untold: Untold;
  readonly #clock = new MediaClock();
  /** Sound that waits before the gate: for somebody to speak, or for room behind it. */
  readonly #waiting: Waiting[] = [];
  /** Of which the gate lets through what was spoken, in media time. A detector may tell of it when all of it is there. */
  #openFrom = Number.NEGATIVE_INFINITY;
  #openUntil = Number.NEGATIVE_INFINITY;
  #releasing: Promise<void> | undefined;
  #speaking = false;
  /** What the detector told last. */
  #detected: 'speech' | 'silence' = 'silence';
  /** Frames since the sound came back after it had stayed away for too long; undefined otherwise. */
  #backFor: number | undefined;
  /** Where speech seems to have ended, while the hang-over lasts. */
  #quietSince: Micros | undefined;
  #end = micros(0);
  #lastArrival = 0;
  #idle: Cancel | undefined;

  constructor(context: NodeContext<VadOutputs>, options: VadOptions<Settings>, bounds: Bounds, untold: Untold) {
    this.#context = context;
    this.#bounds = bounds;
    this.#untold = untold;
    const left = untold.get(context.name);
    untold.delete(context.name);
    if (left !== undefined) void context.send('speech', left);
    const { detector, settings = {}, secrets = {} } = options;
    const told = (event: VoiceDetectorEvent) => {
      this.#detected = event.type;
      this.#backFor = undefined;
      if (event.type === 'speech') this.#begin(event);
      else this.#pause(event);
    };
    const lost = () => {
      // The next detector knows nothing of speech that this one has told of.
      this.#detected = 'silence';
      this.onEnd();
    };
    this.#line = new ModelLine(context as NodeContext, { model: detector, open: { settings, secrets }, told, lost });
  }

  readonly accepts = (): boolean => this.#line.session !== undefined;

  readonly onFrame = (_port: string, frame: AudioFrame) => {
    this.#clock.arrived(frame, this.#context.clock.now());
    this.#lastArrival = this.#context.clock.now();
    this.#end = micros(frame.timestamp + frame.duration);
    this.#comeBack(frame);
    const written = this.#line.write(frame);
    if (written instanceof Promise) return written.then(() => this.#pass(frame));
    return this.#pass(frame);
  };

  readonly onEnd = (): void => {
    if (this.#speaking) this.#over(this.#quietSince ?? this.#end, this.#end, this.#end);
  };

  readonly onDrain = async (): Promise<void> => {
    await this.#line.drain();
    await this.#releasing;
    for (const { frame } of this.#waiting.splice(0)) frame.close();
  };

  readonly onControl = (message: { readonly type: string }): boolean => {
    if (message.type !== 'set-detector') return false;
    this.#line.session?.update((message as { settings?: Partial<Settings> }).settings ?? {});
    return true;
  };

  readonly close = (): void => {
    this.#idle?.();
    if (this.#speaking)
      this.#untold.set(this.#context.name, this.#frame(false, this.#quietSince ?? this.#end, this.#end));
    this.#line.close();
    for (const { frame } of this.#waiting.splice(0)) frame.close();
  };

  #pass(frame: AudioFrame): undefined | Promise<void> {
    const quiet = this.#quietSince;
    if (quiet !== undefined && this.#end - quiet >= this.#bounds.hangOverMs * 1_000) this.#hungOver(quiet, this.#end);
    if (!this.#bounds.gate) return this.#context.send('audio', frame);
    this.#waiting.push({ frame, arrivedMs: this.#lastArrival });
    return this.#open();
  }

  /** Lets through what was spoken, in its order. A promise comes only while there is no room. */
  #open(): undefined | Promise<void> {
    if (this.#releasing !== undefined) return this.#releasing;
    this.#forgetOld();
    for (let next = this.#waiting[0]; next !== undefined && this.#isOpenFor(next.frame); next = this.#waiting[0]) {
      this.#waiting.shift();
      const sent = this.#context.send('audio', next.frame);
      if (sent === undefined) continue;
      this.#releasing = sent.then(() => {
        this.#releasing = undefined;
        return this.#open();
      });
      return this.#releasing;
    }
  }

  #isOpenFor(frame: AudioFrame): boolean {
    return endOf(frame) > this.#openFrom && endOf(frame) <= this.#openUntil;
  }

  /** Of a burst nothing is old before the detector can have told of it. */
  #forgetOld(): void {
    const ms = this.#bounds.preRollMs;
    const [oldest, arrived] = [this.#end - ms * 1_000, this.#context.clock.now() - ms];
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const isWanted =
        this.#isOpenFor(next.frame) || (endOf(next.frame) > this.#openFrom && endOf(next.frame) > oldest);
      const isEarly = this.#speaking && endOf(next.frame) <= this.#openFrom;
      if (!isEarly && (isWanted || next.arrivedMs > arrived)) return;
      this.#waiting.shift();
      next.frame.close();
    }
  }

  #begin({ at, toldAt }: VoiceDetectorEvent): void {
    this.#quietSince = undefined;
    if (this.#speaking) return;
    this.#speaking = true;
    this.#openFrom = at - this.#bounds.preRollMs * 1_000;
    this.#openUntil = Number.POSITIVE_INFINITY;
    this.#watch();
    this.#tell(true, at, toldAt);
    if (this.#bounds.gate) void this.#open();
  }

  #pause({ at, toldAt }: VoiceDetectorEvent): void {
    if (!this.#speaking) return;
    this.#quietSince = at;
    if (toldAt - at >= this.#bounds.hangOverMs * 1_000) this.#hungOver(at, toldAt);
  }

  /** The sound with which the hang-over ends is silence: a recogniser behind the gate would hear it as something new. */
  #hungOver(at: Micros, toldAt: Micros): void {
    this.#over(at, toldAt, at + this.#bounds.hangOverMs * 1_000 - 1);
  }

  #over(at: Micros, toldAt: Micros, openUntil: number): void {
    this.#speaking = false;
    this.#openUntil = openUntil;
    this.#quietSince = undefined;
    this.#idle?.();
    this.#idle = undefined;
    this.#tell(false, at, toldAt);
  }

  /** A detector that slept over the pause still takes for speech what it took for speech: it has nothing to tell. */
  #comeBack({ timestamp }: AudioFrame): void {
    if (this.#backFor === undefined || this.#backFor++ === 0) return;
    this.#backFor = undefined;
    if (this.#detected === 'speech') this.#begin({ type: 'speech', at: timestamp, toldAt: timestamp });
  }

  #watch(): void {
    const { clock } = this.#context;
    const { idleMs } = this.#bounds;
    this.#idle = clock.at(Math.max(clock.now(), this.#lastArrival) + idleMs, () => {
      if (!this.#speaking) return;
      if (clock.now() - this.#lastArrival < idleMs) return this.#watch();
      this.#over(this.#quietSince ?? this.#end, micros(this.#end + idleMs * 1_000), this.#end);
      this.#backFor = 0;
    });
  }

  #tell(speaking: boolean, at: Micros, toldAt: Micros): void {
    void this.#context.send('speech', this.#frame(speaking, at, toldAt));
  }

  #frame(speaking: boolean, at: Micros, toldAt: Micros): SpeechFrame {
    return { kind: 'speech', speaking, at, toldAt, atMs: this.#clock.msOf(at), timestamp: at };
  }
}

function endOf(frame: AudioFrame): number {
  return frame.timestamp + frame.duration;
}
