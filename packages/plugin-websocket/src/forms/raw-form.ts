import { checkChannels, checkKeys, checkSampleRate } from '@sluice/core';
import { badMessage } from '../errors.ts';
import { codecOf, type MediaEncoding } from './encoding.ts';
import type { FormSession, MediaForm, WireMessage } from './media-form.ts';

/** Options of `rawForm`: nothing on the wire tells them. */
export interface RawFormOptions {
  /** Hz. Default 8,000 for G.711, else 16,000. */
  readonly sampleRate?: number;
  /** Interleaved. Default 1. */
  readonly channels?: number;
  /** Default `s16le`. */
  readonly encoding?: MediaEncoding;
}

/**
 * Samples and nothing else: each binary message is sound, of whatever length. The far side plays what it gets as it comes, so
 * media is sent to it in time; text messages are passed over. Messages need not hold whole samples; what a socket
 * ends with that is none is counted (`partBytes` of its figures), and told by the source.
 *
 * @throws TypeError, RangeError at once for options that are not valid
 * @example
 * const { source, sink } = mediaSocket(socket, { form: rawForm({ sampleRate: 24_000 }) });
 */
export function rawForm(options: RawFormOptions = {}): MediaForm {
  checkKeys<RawFormOptions>('rawForm', options, { sampleRate: true, channels: true, encoding: true });
  const { channels = 1, encoding = 's16le' } = options;
  const codec = codecOf('rawForm', encoding);
  const { sampleRate = encoding === 's16le' ? 16_000 : 8_000 } = options;
  checkSampleRate(sampleRate);
  checkChannels(channels);
  const name = `raw ${encoding}`;
  const whole = codec.bytes * channels;

  const open = (): FormSession => {
    /** Less than a sample of all channels, which goes on in the next message. */
    let rest: Uint8Array = new Uint8Array(0);
    return {
      ready: true,
      get partBytes() {
        return rest.length;
      },
      read(message: WireMessage) {
        if (typeof message === 'string') return undefined;
        if (message.length === 0) throw badMessage(name, 'a message', 'bytes', 0);
        const bytes = rest.length === 0 ? message : Buffer.concat([rest, message]);
        const end = bytes.length - (bytes.length % whole);
        rest = bytes.slice(end);
        return { type: 'media', samples: codec.decode(bytes.subarray(0, end)) };
      },
      media: (samples) => codec.encode(samples),
    };
  };
  return { name, sampleRate, channels, buffers: false, open };
}
