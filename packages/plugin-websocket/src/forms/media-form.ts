// How sound and signs are written on the wire: forms, each of which reads and writes messages. No socket, clock or frame.

/** A message as a WebSocket takes it: text or bytes. */
export type WireMessage = string | Uint8Array;

/** What the far side tells of its stream, as far as its form has it. */
export interface MediaStart {
  /** Of the stream: Twilio's `streamSid`. */
  readonly streamId?: string;
  /** Of the call that the stream is part of: Twilio's `callSid`. */
  readonly callId?: string;
  /** What whoever opened the stream gave it: Twilio's `customParameters`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a message says. */
export type FormEvent =
  | {
      readonly type: 'started';
      /** What it says of its stream. */
      readonly start: MediaStart;
    }
  | {
      readonly type: 'media';
      /** Interleaved, of the form's rate and channels. Whoever reads it owns it. */
      readonly samples: Int16Array;
      /** The far side's time of the first sample, in milliseconds from any origin. */
      readonly atMs?: number | undefined;
    }
  /** The far side has played what was sent before the mark of that name, or has dropped it. */
  | {
      readonly type: 'mark';
      /** As it was given to `mark`. */
      readonly name: string;
    }
  /** A key of a telephone was pressed, told apart from the sound. */
  | {
      readonly type: 'digit';
      /** `0` to `9`, `*`, `#`, `A` to `D`, as the far side writes it. */
      readonly digit: string;
    }
  /** The far side wants nothing of what it has sent and was not played. */
  | { readonly type: 'clear' }
  | { readonly type: 'stopped' };

/** One socket's reading and writing in a form. */
export interface FormSession {
  /** Whether media may be sent: some forms must be told a stream's id first. */
  readonly ready: boolean;
  /** Bytes of a sample that came in part, of forms whose messages may end inside one: at the end of the socket they are lost. */
  readonly partBytes?: number;
  /** Said as soon as the socket is open. */
  hello?(): WireMessage;
  /**
   * What a message says; undefined for one that says nothing to us. What is answered at once goes to `reply`.
   *
   * @throws SluiceError SLUICE_MEDIA_SOCKET_MESSAGE for what is not of the form
   */
  read(message: WireMessage, reply: (answer: WireMessage) => void): FormEvent | undefined;
  /** The message that carries samples, interleaved, of the form's rate and channels. They stay the caller's. */
  media(samples: Int16Array): WireMessage;
  /** Asks to be told when all that was sent before it was played. Only of forms that buffer. */
  mark?(name: string): WireMessage;
  /** Asks to drop what was sent and not played; outstanding marks come back at once. Only of forms that buffer. */
  clear?(): WireMessage;
}

/**
 * A form of media over a WebSocket, to be given to `mediaSocket`. Write one for a gateway of your own, and check it with
 * `formChecks` of `@sluice/plugin-websocket/testing`.
 */
export interface MediaForm {
  /** For messages: `twilio`. */
  readonly name: string;
  /** Hz. */
  readonly sampleRate: number;
  /** How many, 1 to 64; interleaved. */
  readonly channels: number;
  /**
   * Whether the far side keeps what it is sent and plays it in its time, tells marks and drops on demand. What does not is sent
   * its media in time, piece by piece.
   */
  readonly buffers: boolean;
  /** Makes what reads and writes one socket, with a state of its own. */
  open(): FormSession;
}
