import type { AudioFrame, Clock, PlayoutSink, Source } from '@sluice/core';
import type { FormEvent, MediaForm, MediaStart, WireMessage } from './forms/media-form.ts';
import type { MediaSocketEnd } from './socket/media-link.ts';

/** What the far side tells beside its sound. */
export type MediaSocketEvent = Exclude<FormEvent, { readonly type: 'media' }>;

/** Options of `mediaSocket`. */
export interface MediaSocketOptions {
  /** What the far side speaks: `twilioForm()`, `jsonForm()`, `rawForm()`, or one of your own. */
  readonly form: MediaForm;
  /**
   * How much may be ahead of the far side's playing before the sink holds its source back, in milliseconds, 20 to 10,000. Default
   * 1,000 for a far side that buffers, which a network that stumbles does not empty then; else 250.
   */
  readonly capacityMs?: number;
  /** Of one message that comes. Default 256 KiB. Give the server of the socket the same bound (`maxPayload` of `ws`). */
  readonly mostMessageBytes?: number;
  /** That may wait in the socket before nothing more is sent to it. Default 64 KiB. */
  readonly mostBufferedBytes?: number;
  /** Default: real time. */
  readonly clock?: Clock;
  /** Told of the start, keys, marks that are not the sink's, and the stop. What it throws is a fault of the socket. */
  readonly onEvent?: (event: MediaSocketEvent) => void;
}

/** What came over a media socket and what went, counted since it was made; milliseconds of sound. */
export interface MediaSocketMetrics {
  /** Sound that came. */
  readonly receivedMs: number;
  /** The part of it that came while nobody read the source. */
  readonly unheardMs: number;
  /** Bytes of a sample that has not come whole, at the end of the socket lost; 0 of forms whose messages hold whole ones. */
  readonly partBytes: number;
  /** What the far side's times say is missing. */
  readonly missingMs: number;
  /** How long there is nothing but digital silence until now. */
  readonly silentMs: number;
  /** Sound that was handed to the socket; what became of it, receipts tell. */
  readonly sentMs: number;
  /** Messages that came, those without sound too. */
  readonly messagesIn: number;
  /** Messages that went, those without sound too. */
  readonly messagesOut: number;
}

/** What is known of a media socket beside its sound, and its end. */
export interface MediaSocketControl {
  /** When the far side has told of its stream; undefined if it never will. */
  readonly started: Promise<MediaStart | undefined>;
  /** How it ended. Never rejects. */
  readonly finished: Promise<MediaSocketEnd>;
  /** Says something of your own. After the end it is dropped. */
  send(message: WireMessage): void;
  /**
   * Closes the socket. Default 1000. Resolves when it is closed.
   *
   * @throws RangeError at once for what the socket does not send: codes beside 1000 and 3000 to 4999 (`ws` sends 1001 too, and
   * others of RFC 6455), and more than 123 bytes of reason; it stays open
   */
  close(code?: number, reason?: string): Promise<MediaSocketEnd>;
  /** The figures of this moment, after the end the last ones. */
  metrics(): MediaSocketMetrics;
}

/** What `mediaSocket` makes of a WebSocket. */
export interface MediaSocket {
  /**
   * What the far side says: live, for any number of readers, one frame for each message. Timestamps count samples from the
   * first message on; `gap` says what the far side's own times say is missing. Completes when it stops or closes, fails when
   * it was lost or says what is not of its form.
   */
  readonly source: Source<AudioFrame>;
  /**
   * What is said to it, with the receipts, positions, pauses and interruptions of any device. Far sides that buffer tell by marks
   * what was heard.
   */
  readonly sink: PlayoutSink;
  /** Its start, its end, its figures, and messages of your own. */
  readonly control: MediaSocketControl;
}
