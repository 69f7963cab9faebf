// Ends of graphs in what plays by itself, and what became of the media that it was given. What a device is made of
// stands with the device.

import { checkKeys } from '../check-keys.ts';
import type { AudioFrame } from '../media/audio-frame.ts';
import { type GlitchCounts, glitchesSince } from '../media/glitches.ts';
import type { ActorContext } from '../operators/actor-context.ts';
import { leasedWriter, type SinkLease } from '../operators/leased-writer.ts';
import { createSink, type Sink } from '../operators/sink.ts';
import type { PlayoutDevice, PlayoutState, PlayoutSummary } from './playout-device.ts';
import type { PlayoutReceipt } from './playout-receipt.ts';
import { PlayoutWriter } from './playout-writer.ts';
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
  /** Gaps in what the device played since it was made, whoever wrote to it. Undefined if it does not count. */
  glitches(): number | undefined;
}

/** What {@link playoutSink} makes a sink of: a device that says where its playing is. */
export interface PlayoutSinkOptions {
  /** As graphs and messages show it: `toMicrophone`. */
  readonly name: string;
  /** What plays. It belongs to the caller: the sink does not close it. */
  readonly device: PlayoutDevice;
  /** What is doubtful just now. See `SinkOptions.problems`. */
  readonly problems?: () => readonly string[];
  /**
   * Asked for before the first frame, in a graph before its start: what has to be there while the device is played on, a
   * connection for example. What it resolves with is called once, when the last sample has left or the stream broke.
   */
  readonly lease?: () => Promise<SinkLease>;
}

/**
 * Plays a stream on a device, for authors of devices. The stream is held back while more than the device's `capacityMs`
 * waits; an interruption clears the device and reports what was heard and dropped by its receipts; `finished` waits for
 * the last audible sample. Takes the device's own format, and can lead a sync group.
 *
 * @throws TypeError at once for an unknown option
 * @example
 * const sink = playoutSink({ name: 'toHorn', device: horn });
 * voice.to(sink);
 */
export function playoutSink(options: PlayoutSinkOptions): PlayoutSink {
  checkKeys<PlayoutSinkOptions>('playoutSink', options, { name: true, device: true, problems: true, lease: true });
  const { name, device, problems, lease } = options;
  const { sampleRate, channels } = device;
  const utterances = new Utterances(sampleRate);
  let writer: PlayoutWriter | undefined;
  let before: GlitchCounts | undefined;
  const open = (context: ActorContext) => {
    before = device.glitches;
    writer = new PlayoutWriter(name, device, context, utterances);
    return writer;
  };
  const sink = createSink<AudioFrame, PlayoutSummary>({
    name,
    accepts: { kind: 'audio', sampleRate, channels },
    plays: true,
    ...(problems === undefined ? {} : { problems }),
    glitches: () => device.glitches && glitchesSince(device.glitches, before ?? device.glitches),
    open: lease === undefined ? open : async (context) => leasedWriter(await lease(), open(context)),
  });
  return Object.assign(sink, {
    utterance: (id: string) => utterances.receipt(id),
    playout: () => writer?.playout() ?? { audible: false, queuedMs: 0 },
    glitches: () => device.glitches?.gaps,
  });
}
