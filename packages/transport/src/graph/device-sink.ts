import { type AudioFrame, createSink, type Sink } from '@sluice/core';
import type { PlayoutReceipt } from '../devices/audio/playout-receipt.ts';
import { DeviceWriter } from './device-writer.ts';
import type { PlayoutDevice, PlayoutState, PlayoutSummary } from './playout-device.ts';
import { Utterances } from './utterances.ts';

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
  /** How often the device ran dry in the middle of something: gaps that were heard. Undefined if it does not count. */
  glitches(): number | undefined;
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
    glitches: () => device.counters?.underruns,
  });
}
