import type { CallSample, Calls } from '../../protocol/calls.ts';
import type { Series } from './series.ts';
import { writeBits, writeMs, writeShare } from './written.ts';

/** What is drawn of a call: its name, the number of `getNetworkStats()` that it is, the least that its top means. */
const drawn = [
  ['Round trip', 'roundTripMs', 50, writeMs],
  ['Lost here', 'receivePacketLoss', 0.02, writeShare],
  ['Lost there', 'sendPacketLoss', 0.02, writeShare],
  ['Received', 'receiveBitsPerSecond', 50_000, writeBits],
  ['Sent', 'sendBitsPerSecond', 50_000, writeBits],
  ['Jitter buffer', 'jitterBufferMs', 50, writeMs],
  ['Made up', 'concealment', 0.02, writeShare],
] as const;

/** The network of a call over time, in the order in which it is drawn. */
export function callSeries(past: readonly Calls[], call: number): readonly Series[] {
  const samples = past.map(({ calls }) => calls.find((one) => one.call === call));
  return drawn.map(([name, number, least, write]) => {
    const values = samples.map((sample) => numberOf(sample, number));
    return { name, values, bottom: 0, top: Math.max(least, ...values.map((value) => value ?? 0)), write };
  });
}

function numberOf(sample: CallSample | undefined, name: string): number | null {
  const value = sample?.network[name];
  return typeof value === 'number' ? value : null;
}
