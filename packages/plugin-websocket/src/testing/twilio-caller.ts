import { type Cancel, type Clock, checkKeys, realClock } from '@sluice/core';
import { decodeG711, encodeG711 } from '@sluice/core/kernels';
import type { WebSocketLike } from '../socket/web-socket-like.ts';

/** Options of a `TwilioCaller`. */
export interface TwilioCallerOptions {
  /** Default: real time. */
  readonly clock?: Clock;
  /** `customParameters` of the start. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Samples in a message of 20 ms. */
const LENGTH = 160;
const SAMPLES_PER_MS = 8;

type FromAgent =
  | { readonly event: 'media'; readonly media: { readonly payload: string } }
  | { readonly event: 'mark'; readonly mark: { readonly name: string } }
  | { readonly event: 'clear' };

interface Said {
  readonly samples: Int16Array;
  readonly done: () => void;
}

/**
 * Twilio and a caller behind it: sends sound each 20 ms, plays what it is sent in its time, tells marks, and drops on `clear`. The
 * socket is one that leads to the agent, and is open.
 *
 * @example
 * const [here, there] = socketPair();
 * const caller = new TwilioCaller(here);
 * const { source, sink } = mediaSocket(there, { form: twilioForm() });
 * await caller.say(samples);
 */
export class TwilioCaller {
  readonly #socket: WebSocketLike;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #says: Said[] = [];
  readonly #heard: Int16Array[] = [];
  readonly #cancel: { tick: Cancel } = { tick: () => {} };
  /** What is to be played: sound, and marks in between. */
  #buffer: (Int16Array | string)[] = [];
  #listened = 0;
  #chunk = 0;
  #sequence = 0;
  #skipped = 0;
  /** Samples of the agent that were played. */
  played = 0;
  /** How often it was told to drop what it had. */
  clears = 0;

  constructor(socket: WebSocketLike, options: TwilioCallerOptions = {}) {
    checkKeys<TwilioCallerOptions>('TwilioCaller', options, { clock: true, parameters: true });
    const { clock = realClock, parameters = {} } = options;
    this.#socket = socket;
    this.#clock = clock;
    this.#startMs = clock.now();
    socket.addEventListener('message', ({ data }) => this.#read(JSON.parse(String(data))));
    socket.addEventListener('close', () => this.#cancel.tick());
    socket.send(JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }));
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 };
    const ids = { streamSid, accountSid: 'AC0', callSid: 'CA0' };
    this.#send('start', { start: { ...ids, tracks: ['inbound'], customParameters: parameters, mediaFormat } });
    this.#tick();
  }

  /** Everything that was heard since the beginning, at 8 kHz: silence where nothing was played. */
  get heard(): Int16Array {
    this.#listen();
    return Int16Array.from(this.#heard.flatMap((part) => [...part]));
  }

  /** How much of the agent's sound waits to be played, in milliseconds. */
  get bufferedMs(): number {
    return this.#buffer.reduce((sum, part) => sum + (typeof part === 'string' ? 0 : part.length), 0) / SAMPLES_PER_MS;
  }

  /** Says samples at 8 kHz. Resolves when the last has left. */
  say(samples: Int16Array): Promise<void> {
    return new Promise((done) => this.#says.push({ samples: samples.slice(), done }));
  }

  /** Sends nothing for so many messages, as a gateway that leaves out pauses; its times go on. */
  skip(messages: number): void {
    this.#skipped += messages;
  }

  press(digit: string): void {
    this.#send('dtmf', { dtmf: { track: 'inbound_track', digit } });
  }

  hangUp(): void {
    this.#listen();
    this.#cancel.tick();
    this.#send('stop', { stop: { accountSid: 'AC0', callSid: 'CA0' } });
    this.#socket.close(1000);
  }

  #send(event: string, fields: object): void {
    this.#socket.send(JSON.stringify({ event, sequenceNumber: `${++this.#sequence}`, streamSid, ...fields }));
  }

  #tick(): void {
    this.#listen();
    const chunk = ++this.#chunk;
    const block = this.#nextBlock();
    if (this.#skipped > 0) this.#skipped--;
    else {
      const payload = Buffer.from(encodeG711(block, 'mu').buffer).toString('base64');
      this.#send('media', {
        media: { track: 'inbound', chunk: `${chunk}`, timestamp: `${(chunk - 1) * 20}`, payload },
      });
    }
    this.#cancel.tick = this.#clock.at(this.#startMs + chunk * 20, () => this.#tick());
  }

  #nextBlock(): Int16Array {
    const block = new Int16Array(LENGTH);
    for (let at = 0; at < LENGTH && this.#says.length > 0; ) {
      const { samples, done } = this.#says[0]!;
      const part = samples.subarray(0, LENGTH - at);
      block.set(part, at);
      at += part.length;
      if (part.length < samples.length) this.#says[0] = { samples: samples.subarray(part.length), done };
      else {
        this.#says.shift();
        done();
      }
    }
    return block;
  }

  #read(message: FromAgent): void {
    this.#listen();
    if (message.event === 'media') {
      this.#buffer.push(decodeG711(Buffer.from(message.media.payload, 'base64'), 'mu'));
    } else if (message.event === 'mark') {
      this.#buffer.push(message.mark.name);
      this.#tellMarks();
    } else if (message.event === 'clear') {
      this.clears++;
      const marks = this.#buffer.filter((part) => typeof part === 'string');
      this.#buffer = [];
      for (const name of marks) this.#send('mark', { mark: { name } });
    }
  }

  /** Plays up to now. */
  #listen(): void {
    const until = Math.floor((this.#clock.now() - this.#startMs) * SAMPLES_PER_MS);
    while (this.#listened < until) {
      this.#tellMarks();
      const sound = this.#buffer[0] as Int16Array | undefined;
      const length = Math.min(until - this.#listened, sound?.length ?? Number.POSITIVE_INFINITY);
      this.#heard.push(sound?.subarray(0, length) ?? new Int16Array(length));
      this.#listened += length;
      if (sound === undefined) continue;
      this.played += length;
      if (length === sound.length) this.#buffer.shift();
      else this.#buffer[0] = sound.subarray(length);
    }
    this.#tellMarks();
  }

  #tellMarks(): void {
    while (typeof this.#buffer[0] === 'string') this.#send('mark', { mark: { name: this.#buffer.shift() } });
  }
}

const streamSid = 'MZ0';
