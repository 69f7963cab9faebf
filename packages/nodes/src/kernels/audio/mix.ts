import { toSample } from '../clamp.ts';

/** Copies samples `from` to `end` to `values` at `at`. */
export function load(samples: Int16Array, from: number, end: number, values: Float32Array, at: number): void {
  for (let index = from, to = at; index < end; index++, to++) values[to] = samples[index]!;
}

/** Adds `length` values to the bus. A Float32 holds the sum of 512 full-scale inputs exactly. */
export function accumulate(values: Float32Array, bus: Float32Array, length: number): void {
  for (let index = 0; index < length; index++) bus[index]! += values[index]!;
}

/** The bus as samples, rounded and clamped. */
export function store(bus: Float32Array, length: number): Int16Array {
  const samples = new Int16Array(length);
  for (let index = 0; index < length; index++) samples[index] = toSample(bus[index]!);
  return samples;
}

/** The largest magnitude of the first `length` values. */
export function peakOf(values: Float32Array, length: number): number {
  let peak = 0;
  for (let index = 0; index < length; index++) {
    const magnitude = Math.abs(values[index]!);
    if (magnitude > peak) peak = magnitude;
  }
  return peak;
}
