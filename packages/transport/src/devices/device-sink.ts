import {
  type ActorContext,
  type AudioFormat,
  type AudioFrame,
  createSink,
  describeAudioFormat,
  millisToMicros,
  type Sink,
  type SinkWriter,
  SluiceError,
  sameAudioFormat,
} from '@sluice/core';
import type { PlayoutReceipt } from './playout-receipt.ts';
import { PlayoutTimes } from './playout-times.ts';

/** What a graph needs of a device that plays. */
export interface PlayoutDevice extends AudioFormat {
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

/** Fade of what is cut when the stream breaks, in milliseconds. */
const BREAK_FADE_MS = 5;

/** Plays a stream on a device. `finished` waits for the last audible sample. */
export function deviceSink(name: string, device: PlayoutDevice): Sink<AudioFrame, PlayoutSummary> {
  const { sampleRate, channels } = device;
  return createSink<AudioFrame, PlayoutSummary>({
    name,
    accepts: { kind: 'audio', sampleRate, channels },
    plays: true,
    open: (context) => deviceWriter(name, device, context),
  });
}

function deviceWriter(
  name: string,
  device: PlayoutDevice,
  context: ActorContext,
): SinkWriter<AudioFrame, PlayoutSummary> {
  let playedMs = 0;
  let droppedMs = 0;
  let last: PlayoutReceipt | undefined;
  const times = new PlayoutTimes(device.sampleRate);

  const stopListening = context.onInterrupt((interruption) => {
    const before = droppedMs;
    const cut = last;
    times.clear();
    const cleared = device.clear({ fadeMs: interruption.fadeMs }).then(async () => {
      await cut?.finished;
      interruption.dropped(millisToMicros(droppedMs - before));
    });
    interruption.wait(cleared.catch((error: unknown) => context.report(error)));
  });
  const follow = (receipt: PlayoutReceipt) => {
    last = receipt;
    void receipt.finished.then((outcome) => {
      playedMs += outcome.playedMs;
      droppedMs += (receipt.frames * 1000) / device.sampleRate - outcome.playedMs;
    });
  };

  return {
    write(frame) {
      if (frame.epoch < context.epoch) {
        droppedMs += frame.duration / 1000;
        frame.close();
        return;
      }
      if (!sameAudioFormat(frame, device)) throw wrongFormat(name, device, frame);
      const receipt = device.write(frame.samples);
      times.add(receipt.start, frame.timestamp);
      frame.close();
      follow(receipt);
      return device.queuedDuration > device.capacityMs ? receipt.accepted : undefined;
    },
    position: () => times.at(device.playoutPosition),
    async end() {
      device.flush();
      await last?.finished;
      stopListening();
      return { playedMs, droppedMs };
    },
    async abort() {
      stopListening();
      await device.clear({ fadeMs: BREAK_FADE_MS }).catch(() => {});
    },
  };
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
