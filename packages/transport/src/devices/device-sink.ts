import { type AudioFormat, type AudioFrame, createSink, type Sink } from '@sluice/core';
import { DeviceWriter } from './device-writer.ts';
import type { PlayoutReceipt } from './playout-receipt.ts';

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

/** Plays a stream on a device. `finished` waits for the last audible sample. */
export function deviceSink(name: string, device: PlayoutDevice): Sink<AudioFrame, PlayoutSummary> {
  const { sampleRate, channels } = device;
  return createSink<AudioFrame, PlayoutSummary>({
    name,
    accepts: { kind: 'audio', sampleRate, channels },
    plays: true,
    open: (context) => new DeviceWriter(name, device, context),
  });
}
