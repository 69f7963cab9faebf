import { checkKeys, invalidArgument } from '@sluice/core';
import { decodeG711, encodeG711 } from '@sluice/core/kernels';
import { badMessage } from '../errors.ts';
import type { FormEvent, FormSession, MediaForm } from './media-form.ts';
import { bytesOf, countOf, numberOf, objectOf, readObject, textOf, textsOf } from './read-fields.ts';
import { SequenceWatch } from './sequence-watch.ts';

/** The sides of a call that a stream of Twilio has. */
export const twilioTracks = ['inbound', 'outbound'] as const;

/** Options of `twilioForm`. */
export interface TwilioFormOptions {
  /** Which side of the call is heard, where the stream has both: the caller's by default. */
  readonly track?: (typeof twilioTracks)[number];
}

const name = 'twilio';

/**
 * Twilio's Media Streams, bidirectional (`<Connect><Stream>`): JSON with mu-law at 8 kHz in base64. Twilio keeps what it is sent
 * and plays it in its time, tells marks, and drops on `clear`. Keys arrive as messages (`digit` events); messages of kinds that
 * are not known are passed over.
 *
 * @throws TypeError at once for options that are not valid
 * @example
 * server.on('connection', (socket) => mediaSocket(socket, { form: twilioForm() }));
 */
export function twilioForm(options: TwilioFormOptions = {}): MediaForm {
  checkKeys<TwilioFormOptions>('twilioForm', options, { track: true });
  const { track = 'inbound' } = options;
  if (!twilioTracks.includes(track))
    throw invalidArgument('twilioForm.track', `one of ${twilioTracks.join(', ')}`, track);
  return { name, sampleRate: 8_000, channels: 1, buffers: true, open: () => new TwilioSession(track) };
}

class TwilioSession implements FormSession {
  readonly #track: string;
  #streamSid: string | undefined;
  readonly #sequence = new SequenceWatch();

  constructor(track: string) {
    this.#track = track;
  }

  get ready(): boolean {
    return this.#streamSid !== undefined;
  }

  read(message: string | Uint8Array): FormEvent | undefined {
    const fields = readObject(name, message);
    // Its number says nothing: that of another stream begins anew.
    if (fields.event === 'start') return this.#start(objectOf(name, 'a start', fields.start), fields.streamSid);
    if (!this.#isDue(fields)) return undefined;
    switch (fields.event) {
      case 'media':
        return this.#media(objectOf(name, 'media', fields.media));
      case 'mark':
        return { type: 'mark', name: textOf(name, 'a mark', objectOf(name, 'a mark', fields.mark).name) };
      case 'dtmf':
        return { type: 'digit', digit: textOf(name, 'a digit', objectOf(name, 'a digit', fields.dtmf).digit) };
      case 'stop':
        return { type: 'stopped' };
      default:
        textOf(name, 'an event', fields.event);
        return undefined;
    }
  }

  media(samples: Int16Array): string {
    const payload = Buffer.from(encodeG711(samples, 'mu').buffer).toString('base64');
    return JSON.stringify({ event: 'media', streamSid: this.#streamSid, media: { payload } });
  }

  mark(mark: string): string {
    return JSON.stringify({ event: 'mark', streamSid: this.#streamSid, mark: { name: mark } });
  }

  clear(): string {
    return JSON.stringify({ event: 'clear', streamSid: this.#streamSid });
  }

  /** Not what a proxy between has sent twice, nor sound behind later sound, whose place is a gap by then. */
  #isDue({ event, sequenceNumber }: Readonly<Record<string, unknown>>): boolean {
    const number = countOf(name, 'a sequence number', sequenceNumber);
    if (number === undefined) return true;
    const turn = this.#sequence.turnOf(number);
    return turn === 'next' || (turn === 'late' && event !== 'media');
  }

  #start(start: Readonly<Record<string, unknown>>, outer: unknown): FormEvent | undefined {
    const format = objectOf(name, 'a media format', start.mediaFormat ?? {});
    const { encoding = 'audio/x-mulaw', sampleRate = 8_000, channels = 1 } = format;
    if (encoding !== 'audio/x-mulaw' || Number(sampleRate) !== 8_000 || Number(channels) !== 1)
      throw badMessage(
        name,
        'a stream',
        'audio/x-mulaw, 8000 Hz, 1 channel',
        `${encoding}, ${sampleRate} Hz, ${channels}`,
      );
    const streamId = textOf(name, 'a stream id', start.streamSid ?? outer);
    if (streamId === this.#streamSid) return undefined;
    // The marks of the first would never come back.
    if (this.#streamSid !== undefined)
      throw badMessage(name, 'a start', 'one stream for each socket', 'another stream');
    this.#streamSid = streamId;
    const callId = typeof start.callSid === 'string' ? { callId: start.callSid } : {};
    return { type: 'started', start: { streamId, ...callId, parameters: textsOf(start.customParameters) } };
  }

  #media(media: Readonly<Record<string, unknown>>): FormEvent | undefined {
    if (media.track !== undefined && media.track !== this.#track) return undefined;
    const samples = decodeG711(bytesOf(name, 'a payload', media.payload), 'mu');
    return { type: 'media', samples, atMs: numberOf(name, 'a timestamp', media.timestamp) };
  }
}
