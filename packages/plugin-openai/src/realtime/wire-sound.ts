import { decodeG711, encodeG711 } from '@sluice/core/kernels';
import type { RealtimeFormat } from './realtime-options.ts';

/** Samples as they go over the wire. */
export function toWire(samples: Int16Array, format: RealtimeFormat): string {
  if (format !== 'audio/pcm') return Buffer.from(encodeG711(samples, lawOf(format))).toString('base64');
  const bytes = Buffer.alloc(samples.length * 2);
  for (let i = 0; i < samples.length; i++) bytes.writeInt16LE(samples[i]!, i * 2);
  return bytes.toString('base64');
}

/** Samples from the wire, in pieces that may end within a sample. */
export class WireSound {
  readonly #format: RealtimeFormat;
  /** The first half of a sample. */
  #half: number | undefined;

  constructor(format: RealtimeFormat) {
    this.#format = format;
  }

  read(base64: string): Int16Array {
    const bytes = Buffer.from(base64, 'base64');
    if (this.#format !== 'audio/pcm') return decodeG711(bytes, lawOf(this.#format));
    const whole = this.#half === undefined ? bytes : Buffer.concat([Buffer.of(this.#half), bytes]);
    const samples = new Int16Array(whole.length >> 1);
    for (let i = 0; i < samples.length; i++) samples[i] = whole.readInt16LE(i * 2);
    this.#half = whole.length % 2 === 1 ? whole[whole.length - 1] : undefined;
    return samples;
  }
}

function lawOf(format: RealtimeFormat): 'mu' | 'a' {
  return format === 'audio/pcmu' ? 'mu' : 'a';
}
