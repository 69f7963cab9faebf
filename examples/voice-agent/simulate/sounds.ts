/** A stretch of sound, in milliseconds. */
export interface Sound {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Channel {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

/** What an Opus call leaves of silence stays below. */
const LEAST = 250;

/** When the first sound begins from a moment on, before another. */
export function firstSound({ samples, sampleRate }: Channel, fromMs: number, toMs: number): number | undefined {
  const [from, to] = [index(fromMs, sampleRate), index(toMs, sampleRate)];
  for (let i = from; i < Math.min(to, samples.length); i++)
    if (Math.abs(samples[i]!) > LEAST) return (i * 1_000) / sampleRate;
  return undefined;
}

/** When the last sound ends before a moment, after another. */
export function lastSound({ samples, sampleRate }: Channel, fromMs: number, toMs: number): number | undefined {
  const [from, to] = [index(fromMs, sampleRate), index(toMs, sampleRate)];
  for (let i = Math.min(to, samples.length) - 1; i >= from; i--)
    if (Math.abs(samples[i]!) > LEAST) return ((i + 1) * 1_000) / sampleRate;
  return undefined;
}

/** How much of a stretch sounds, in blocks of 5 ms. */
export function soundingMs(channel: Channel, fromMs: number, toMs: number): number {
  let sounding = 0;
  for (let at = fromMs; at + 5 <= toMs; at += 5) if (firstSound(channel, at, at + 5) !== undefined) sounding += 5;
  return sounding;
}

export function rms(samples: Int16Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(energy / samples.length);
}

function index(ms: number, sampleRate: number): number {
  return Math.max(0, Math.round((ms * sampleRate) / 1_000));
}
