import { decodeG711, encodeG711 } from '@sluice/core/kernels';
import { PcmReader, pcmBytes } from '@sluice/service';
import type { RealtimeFormat } from './realtime-options.ts';

/** Samples as they go over the wire. */
export function toWire(samples: Int16Array, format: RealtimeFormat): string {
  if (format !== 'audio/pcm') return Buffer.from(encodeG711(samples, lawOf(format))).toString('base64');
  return Buffer.from(pcmBytes(samples)).toString('base64');
}

/** Samples from the wire, in pieces that may end within a sample. */
export class WireSound {
  readonly #format: RealtimeFormat;
  readonly #pcm = new PcmReader();

  constructor(format: RealtimeFormat) {
    this.#format = format;
  }

  read(base64: string): Int16Array {
    const bytes = Buffer.from(base64, 'base64');
    if (this.#format !== 'audio/pcm') return decodeG711(bytes, lawOf(this.#format));
    return this.#pcm.read(bytes);
  }
}

function lawOf(format: RealtimeFormat): 'mu' | 'a' {
  return format === 'audio/pcmu' ? 'mu' : 'a';
}
