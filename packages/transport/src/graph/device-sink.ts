import { type AudioFormat, type AudioFrame, createSink, type Sink } from '@sluice/core';
import type { PlayoutReceipt } from '../devices/audio/playout-receipt.ts';
import { DeviceWriter } from './device-writer.ts';
import { Utterances } from './utterances.ts';

/** What a graph needs of a device that plays. */
export interface PlayoutDevice extends AudioFormat {
  /** Whether a client sends it; absent where nobody knows. */
  readonly active?: boolean;
  /** How far a writer may be ahead, in milliseconds. */
  readonly capacityMs: number;
  readonly queuedDuration: number;
  /** The sample that leaves now, on the line on which receipts start. */
  readonly playoutPosition: number;
  write(samples: Int16Array): PlayoutReceipt;
  flush(): void;
  clear(options: { readonly fadeMs: number }): Promise<number>;
}

/** What left the device, counted in samples. */
export interface PlayoutSummary {
  readonly playedMs: number;
  /** Media that an interruption or the end of the device cut. */
  readonly droppedMs: number;
}

/** What a sink plays now. */
export interface PlayoutState {
  /** Whether its sound leaves the device or is on its way: in the device, on a link before it, in an operator. */
  readonly audible: boolean;
  /** Media that was not played yet, in the device and on the links before it, in milliseconds. */
  readonly queuedMs: number;
}

/** The end of a graph in a device that plays. */
export interface PlayoutSink extends Sink<AudioFrame, PlayoutSummary> {
  /**
   * What becomes of the frames that carry this id (`frame.utterance`), as for a write to the device: when they can be
   * heard, start, reach a mark, and end. May be asked for before they come. `frames` grows while more comes; `start` is
   * NaN until some has. It is finished when the next utterance follows, the stream ends or is cut, or nothing of it has
   * left for 200 ms and nothing is on its way; what comes of the id after that has a receipt of its own. One that an
   * interruption finds unfinished is interrupted. Where voices are mixed each has its own, to a block of the mixer. The
   * last 256 are kept.
   */
  utterance(id: string): PlayoutReceipt;
  /** Whether it is heard now, and how much is still to be. */
  playout(): PlayoutState;
}

/** What is doubtful about a device that no client sends. */
export const unsent =
  'is heard and seen by nobody, because no client sends its device: join with the device as an input, or call updateInputs({ ... settings: { deviceId } })';

/** Plays a stream on a device. `finished` waits for the last audible sample. */
export function deviceSink(name: string, device: PlayoutDevice): PlayoutSink {
  const { sampleRate, channels } = device;
  const utterances = new Utterances(sampleRate);
  let writer: DeviceWriter | undefined;
  const sink = createSink<AudioFrame, PlayoutSummary>({
    name,
    accepts: { kind: 'audio', sampleRate, channels },
    plays: true,
    problems: () => (device.active === false ? [unsent] : []),
    open: (context) => {
      writer = new DeviceWriter(name, device, context, utterances);
      return writer;
    },
  });
  return Object.assign(sink, {
    utterance: (id: string) => utterances.receipt(id),
    playout: () => writer?.playout() ?? { audible: false, queuedMs: 0 },
  });
}
