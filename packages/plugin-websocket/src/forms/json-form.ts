import { checkChannels, checkKeys, checkSampleRate } from '@sluice/core';
import { badMessage } from '../errors.ts';
import { codecOf, type MediaEncoding, type SampleCodec } from './encoding.ts';
import type { FormEvent, FormSession, MediaForm, WireMessage } from './media-form.ts';
import { bytesOf, numberOf, objectOf, readObject, textOf, textsOf } from './read-fields.ts';

/** Options of `jsonForm`: both sides have to have the same. */
export interface JsonFormOptions {
  /** Hz. Default 16,000. */
  readonly sampleRate?: number;
  /** Interleaved. Default 1. */
  readonly channels?: number;
  /** Default `s16le`. */
  readonly encoding?: MediaEncoding;
}

const name = 'json';

/**
 * A form for programs of one's own, the same in both directions; its messages are in the README. Each side keeps what it is
 * sent and plays it in its time, answers a `mark` with `played` when all before it was played or dropped, and drops on
 * `clear`.
 *
 * @throws TypeError, RangeError at once for options that are not valid
 * @example
 * const { source, sink } = mediaSocket(socket, { form: jsonForm({ sampleRate: 24_000 }) });
 */
export function jsonForm(options: JsonFormOptions = {}): MediaForm {
  checkKeys<JsonFormOptions>('jsonForm', options, { sampleRate: true, channels: true, encoding: true });
  const { sampleRate = 16_000, channels = 1, encoding = 's16le' } = options;
  const codec = codecOf('jsonForm', encoding);
  checkSampleRate(sampleRate);
  checkChannels(channels);
  const format = { sampleRate, channels, encoding };
  return { name, sampleRate, channels, buffers: true, open: () => new JsonSession(format, codec) };
}

class JsonSession implements FormSession {
  readonly ready = true;
  readonly #format: Required<JsonFormOptions>;
  readonly #codec: SampleCodec;
  /** Of what was sent, in samples of all channels. */
  #sent = 0;

  constructor(format: Required<JsonFormOptions>, codec: SampleCodec) {
    this.#format = format;
    this.#codec = codec;
  }

  hello(): string {
    return JSON.stringify({ type: 'start', ...this.#format });
  }

  read(message: WireMessage, reply: (answer: WireMessage) => void): FormEvent | undefined {
    const fields = readObject(name, message);
    switch (fields.type) {
      case 'start':
        return this.#start(fields);
      case 'media':
        return this.#media(fields);
      case 'mark':
        // What came before it has been handed on: here nothing waits.
        reply(JSON.stringify({ type: 'played', name: textOf(name, 'a mark', fields.name) }));
        return undefined;
      case 'played':
        return { type: 'mark', name: textOf(name, 'a mark', fields.name) };
      case 'digit':
        return { type: 'digit', digit: textOf(name, 'a digit', fields.digit) };
      case 'clear':
        return { type: 'clear' };
      case 'stop':
        return { type: 'stopped' };
      default:
        textOf(name, 'a type', fields.type);
        return undefined;
    }
  }

  media(samples: Int16Array): string {
    const { sampleRate, channels } = this.#format;
    const ms = Math.round((this.#sent * 1_000_000) / sampleRate) / 1_000;
    this.#sent += samples.length / channels;
    return JSON.stringify({ type: 'media', ms, audio: Buffer.from(this.#codec.encode(samples)).toString('base64') });
  }

  mark(mark: string): string {
    return JSON.stringify({ type: 'mark', name: mark });
  }

  clear(): string {
    return JSON.stringify({ type: 'clear' });
  }

  #start(fields: Readonly<Record<string, unknown>>): FormEvent {
    const told = { sampleRate: fields.sampleRate, channels: fields.channels, encoding: fields.encoding };
    for (const [key, own] of Object.entries(this.#format)) {
      const far = told[key as keyof typeof told];
      if (far !== undefined && far !== own) throw badMessage(name, `a start of another ${key}`, `${own}`, far);
    }
    const streamId = typeof fields.streamId === 'string' ? { streamId: fields.streamId } : {};
    const callId = typeof fields.callId === 'string' ? { callId: fields.callId } : {};
    const given = fields.parameters === undefined ? {} : objectOf(name, 'parameters', fields.parameters);
    return { type: 'started', start: { ...streamId, ...callId, parameters: textsOf(given) } };
  }

  #media(fields: Readonly<Record<string, unknown>>): FormEvent {
    const bytes = bytesOf(name, 'audio', fields.audio);
    const whole = this.#codec.bytes * this.#format.channels;
    if (bytes.length % whole !== 0) throw badMessage(name, 'audio', `whole samples of ${whole} bytes`, bytes.length);
    return { type: 'media', samples: this.#codec.decode(bytes), atMs: numberOf(name, 'a time', fields.ms) };
  }
}
