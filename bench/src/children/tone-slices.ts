/** A whole number of periods of a sine at 48 kHz mono as slices that own their buffers, to be played over and over. */
export function toneSlices(frequency: number, sliceMs: number, seconds = 1): Int16Array[] {
  const length = 48 * sliceMs;
  const omega = (2 * Math.PI * frequency) / 48_000;
  return Array.from({ length: (seconds * 1000) / sliceMs }, (_, slice) =>
    Int16Array.from({ length }, (_, i) => Math.round(8_000 * Math.sin(omega * (slice * length + i)))),
  );
}
