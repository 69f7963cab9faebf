import { SluiceError } from '../errors.ts';
import { describeAudioFormat, sameAudioFormat } from '../media/audio-format.ts';
import type { AudioFrame } from '../media/audio-frame.ts';
import type { ActorContext, Interruption } from '../operators/actor-context.ts';
import type { SinkWriter } from '../operators/sink-writer.ts';
import { type Micros, millisToMicros } from '../time/units.ts';
import type { PlayoutDevice, PlayoutState, PlayoutSummary } from './playout-device.ts';
import type { PlayoutOutcome, PlayoutReceipt } from './playout-receipt.ts';
import { PlayoutTimes } from './playout-times.ts';
import type { Utterances } from './utterances.ts';

/** Fade of what is cut when the stream breaks, in milliseconds. */
const BREAK_FADE_MS = 5;

/** Plays frames on a device and counts what became of them. */
export class PlayoutWriter implements SinkWriter<AudioFrame, PlayoutSummary> {
  readonly #name: string;
  readonly #device: PlayoutDevice;
  readonly #context: ActorContext;
  readonly #times: PlayoutTimes;
  readonly #utterances: Utterances;
  readonly #stopListening: () => void;
  /** Writes that are not over, in the order in which they play. */
  readonly #open: PlayoutReceipt[] = [];
  #playedMs = 0;
  #droppedMs = 0;
  /** Of both, what no interruption has told. Losses count here only while one is being carried out. */
  #untoldPlayedMs = 0;
  #untoldDroppedMs = 0;
  #cutting = 0;
  #paused = false;
  /** Frames made before this epoch are void: the graph's epoch may be another scope's. */
  #minEpoch = 0;

  constructor(name: string, device: PlayoutDevice, context: ActorContext, utterances: Utterances) {
    utterances.attach(context);
    this.#utterances = utterances;
    this.#name = name;
    this.#device = device;
    this.#context = context;
    this.#times = new PlayoutTimes(device.sampleRate);
    this.#stopListening = context.onInterrupt(this.#interrupted);
  }

  write(frame: AudioFrame): void | Promise<void> {
    const device = this.#device;
    if (frame.epoch < this.#minEpoch) {
      this.#lost(frame.duration / 1000);
      frame.close();
      return;
    }
    if (!sameAudioFormat(frame, device)) throw wrongFormat(this.#name, device, frame);
    const receipt = this.#play(frame);
    this.#times.add(receipt.start, frame.timestamp);
    this.#open.push(receipt);
    void receipt.finished.then(this.#finished);
    this.#utterances.wrote(frame.utterance, receipt);
    frame.close();
    return device.queuedDuration > device.capacityMs ? receipt.accepted : undefined;
  }

  #play(frame: AudioFrame): PlayoutReceipt {
    try {
      return this.#device.write(frame.samples);
    } catch (error) {
      frame.close();
      throw error;
    }
  }

  position(): Micros | undefined {
    return this.#times.at(this.#device.playoutPosition);
  }

  played(): number {
    const { playoutPosition, sampleRate } = this.#device;
    let micros = this.#playedMs * 1000;
    for (const { start, frames } of this.#open) {
      if (playoutPosition <= start) break;
      micros += (Math.min(frames, playoutPosition - start) * 1_000_000) / sampleRate;
    }
    return micros;
  }

  lost(utterances: readonly string[]): void {
    this.#utterances.lost(utterances);
  }

  playout(): PlayoutState {
    const { micros, frames } = this.#context.waiting();
    const onDevice = this.#open.reduce((sum, one) => sum + one.frames, 0) / this.#device.sampleRate;
    const queuedMs = Math.max(0, onDevice * 1000 + (micros - this.played()) / 1000 + this.#playedMs);
    return { audible: this.#open.length > 0 || frames > 0, queuedMs };
  }

  async pause(fadeMs: number): Promise<void> {
    this.#paused = true;
    this.#utterances.pause();
    await this.#device.pause({ fadeMs });
  }

  resume(): void {
    this.#paused = false;
    this.#device.resume();
    this.#utterances.resume();
  }

  async end(): Promise<PlayoutSummary> {
    this.#device.flush();
    await this.#open.at(-1)?.finished;
    this.#stopListening();
    this.#letGo();
    this.#utterances.end();
    return { playedMs: this.#playedMs, droppedMs: this.#droppedMs };
  }

  async abort(): Promise<void> {
    this.#stopListening();
    const settle = this.#utterances.cut();
    const cleared = this.#device.clear({ fadeMs: BREAK_FADE_MS });
    this.#letGo();
    await cleared.catch(() => {});
    await this.#open.at(-1)?.finished;
    settle();
  }

  /** The device outlives the stream: it is not left paused by one that is over. */
  #letGo(): void {
    if (!this.#paused) return;
    this.#paused = false;
    try {
      this.#device.resume();
    } catch {
      // It is gone, and nothing of it stands still.
    }
  }

  #interrupted = (interruption: Interruption): void => {
    this.#minEpoch = interruption.epoch;
    this.#times.clear();
    this.#cutting++;
    interruption.wait(this.#clear(interruption));
  };

  async #clear(interruption: Interruption): Promise<void> {
    const last = this.#open.at(-1);
    const settle = this.#utterances.cut();
    await this.#device.clear({ fadeMs: interruption.fadeMs }).catch((error: unknown) => this.#context.report(error));
    await last?.finished;
    settle();
    this.#cutting--;
    interruption.heard(millisToMicros(this.#untoldPlayedMs));
    interruption.dropped(millisToMicros(this.#untoldDroppedMs));
    this.#untoldPlayedMs = 0;
    this.#untoldDroppedMs = 0;
  }

  /** Writes are over in the order in which they were made. */
  #finished = ({ playedMs }: PlayoutOutcome): void => {
    const { frames } = this.#open.shift()!;
    this.#playedMs += playedMs;
    this.#untoldPlayedMs += playedMs;
    this.#lost((frames * 1000) / this.#device.sampleRate - playedMs);
  };

  #lost(ms: number): void {
    this.#droppedMs += ms;
    if (this.#cutting > 0) this.#untoldDroppedMs += ms;
  }
}

function wrongFormat(name: string, device: PlayoutDevice, frame: AudioFrame): SluiceError {
  const error = new SluiceError('SLUICE_LINK_FORMAT', `${name} got audio of another format than its device has`, {
    expected: describeAudioFormat(device),
    received: describeAudioFormat(frame),
    fix: 'Put resample() and remix() before it, or use a graph, which inserts them',
    nodeId: name,
    timestamp: frame.timestamp,
  });
  frame.close();
  return error;
}
