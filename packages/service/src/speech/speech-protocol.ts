// Speech by a service over a socket: text goes out, sound comes back, in the service's own words. No vendor.

import type { SpeechRequest } from '@sluice/core/voice';
import type { ServiceSocketOptions, SocketMessage } from '../socket/socket-options.ts';

/** What a message of a service amounts to. Of sound that belongs to no request under way it says nothing. */
export type SpeechNews =
  | {
      readonly type: 'audio';
      /** Samples of 16 bits, low byte first, cut anywhere. */
      readonly bytes: Uint8Array;
    }
  | {
      readonly type: 'word';
      /** Where in the request's text the word begins, in UTF-16 units. */
      readonly from: number;
      /** Where it is over: the index behind it. */
      readonly to: number;
      /** In milliseconds from the first sample of the request. */
      readonly startMs: number;
      /** The same of its end. */
      readonly endMs: number;
    }
  | { readonly type: 'finished' }
  /** What was cancelled is given up: the next request may be made. */
  | { readonly type: 'cleared' };

/** How a service wants to be spoken to. Requests are made one after the other, each with a number of its own. */
export interface SpeechProtocol {
  /** Of the sound, in hertz; it is mono. */
  readonly sampleRate: number;
  /** How long nothing may come of a request under way, in milliseconds. */
  readonly silenceMs: number;
  /** How to connect, with the settings of the moment; another address than before is a new connection. */
  readonly open: () => Omit<ServiceSocketOptions, 'onMessage' | 'onBinary' | 'onEnd'>;
  /** Requests on one connection at most within a minute; a further one is made on a new connection. */
  readonly mostAMinute?: number;
  /** The messages that ask for a request. `number` counts the requests, so that answers can be told apart. */
  readonly ask: (request: SpeechRequest, number: number) => readonly SocketMessage[];
  /**
   * Gives the request under way up at the service, which answers with `cleared`. Without it the connection is given up, which
   * ends everything on it, and another one made at once.
   */
  readonly cancel?: () => readonly SocketMessage[];
  /**
   * Makes what understands the messages of one connection, bytes or the value of JSON. It throws a `VoiceError` for a message
   * that ends the connection, and passes over what it does not know. `heardMs` is the sound of the request so far.
   */
  readonly reader: () => (message: unknown, heardMs: number) => readonly SpeechNews[];
}
