// Recognition at a service over a socket: sound goes out, words come back, in the service's own words. No vendor.

import type { TurnMark } from '@sluice/core/voice';
import type { ServiceSocketOptions, SocketMessage } from '../socket/socket-options.ts';

/** A word with its times in seconds of the sound that the connection was sent. */
export interface HeardWord {
  /** The word as it is shown, with its capitals and marks where the service gives them. */
  readonly text: string;
  /** Where it begins. */
  readonly start: number;
  /** Where it is over. */
  readonly end: number;
  /** How sure the service is, 0 to 1. Absent where it does not tell. */
  readonly confidence?: number;
}

/** What a message of a service amounts to. Times are seconds of the sound that the connection was sent. */
export type RecognitionNews =
  /** It takes sound now. Only of services that greet. */
  | { readonly type: 'ready' }
  | {
      readonly type: 'partial';
      /** All that is understood of the stretch so far: it takes the place of the partial before. */
      readonly text: string;
      /** Its words; empty where the service tells no times yet. */
      readonly words: readonly HeardWord[];
      /** What it says of the person's turn, of a service that judges turns. */
      readonly turn?: TurnMark;
    }
  | {
      readonly type: 'final';
      /** What was said, once and for all; empty where nothing was understood. */
      readonly text: string;
      /** Its words; empty where the service tells no times. */
      readonly words: readonly HeardWord[];
      /** Where what it answers begins. Default 0. */
      readonly from?: number;
      /** Where what it answers is over. Default: the end of everything that was sent. */
      readonly to?: number;
      /** What it says of the person's turn, of a service that judges turns. */
      readonly turn?: TurnMark;
      /** Whether it answers that it was asked to finish. */
      readonly isFinish: boolean;
    }
  /** Nothing was said up to there. */
  | {
      readonly type: 'silence';
      /** How far it has heard. */
      readonly to: number;
    };

/** How a service wants to be spoken to. */
export interface RecognitionProtocol {
  /** Of the sound, in hertz. */
  readonly sampleRate: number;
  /** How much sound a message has, in milliseconds; the last of a stretch may have less. */
  readonly pieceMs: number;
  /** How long it may take for its last words once it is asked to finish, in milliseconds. */
  readonly finishMs: number;
  /** The same where it has heard nothing: it may have nothing to answer. Default `finishMs`. */
  readonly quietMs?: number;
  /** Whether it says when it is ready. */
  readonly greets: boolean;
  /** How long a service that greets may take for it, in milliseconds. Default 10,000. */
  readonly readyMs?: number;
  /** How to connect, with the settings of the moment. */
  readonly open: () => Omit<ServiceSocketOptions, 'onMessage' | 'onEnd'>;
  /** The message that carries samples, mono; they stay the caller's. */
  readonly audio: (samples: Int16Array) => SocketMessage;
  /** Asks for the final of what was sent. */
  readonly finish: () => SocketMessage;
  /**
   * Makes what understands the messages of one connection. It throws a `VoiceError` for a message that ends the connection,
   * and passes over what it does not know.
   */
  readonly reader: () => (message: unknown) => readonly RecognitionNews[];
}
