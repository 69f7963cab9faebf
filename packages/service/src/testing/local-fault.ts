/**
 * What goes wrong with one request or one socket. Times are of the machine, in milliseconds.
 *
 * - `none`: nothing.
 * - `refuse`: the connection ends before a byte.
 * - `mute`: the connection is taken and nothing is ever said on it, not even that a socket is open.
 * - `status`: an answer with this status instead, also to the upgrade of a socket.
 * - `slow`: nothing comes before `firstByteMs`.
 * - `stall`: after so many bytes nothing more comes, and the connection stays; the last message of a socket has no end.
 * - `cut`: after so many bytes the connection ends, be it in the middle of a message.
 * - `pieces`: everything comes in pieces of so many bytes: characters, samples and events are cut anywhere. Messages of a
 *   socket come in fragments (RFC 6455, 5.4).
 * - `insert`: this text comes before what the service says, as it is; at a socket as a message.
 * - `flood`: so many bytes that end nothing come before what the service says.
 * - `replace`: this body comes instead of the answer, with status 200; at a socket as a binary message.
 * - `close`: the socket is closed with this code after so many messages of the service.
 */
export type LocalFault =
  | { readonly type: 'none' | 'refuse' | 'mute' }
  | {
      readonly type: 'status';
      /** The answer's status: 429. */
      readonly status: number;
      /** Beside those of the answer: `retry-after`. Default: none. */
      readonly headers?: Readonly<Record<string, string>>;
      /** As JSON; text as it is. */
      readonly body?: unknown;
    }
  | {
      readonly type: 'slow';
      /** How long nothing comes. */
      readonly firstByteMs: number;
    }
  | {
      readonly type: 'stall' | 'cut';
      /** Bytes of the answer's body, or of a socket's messages, that still come. */
      readonly afterBytes: number;
    }
  | {
      readonly type: 'pieces';
      /** Of a piece, 1 or more; the last may be shorter. */
      readonly bytes: number;
    }
  | {
      readonly type: 'insert';
      /** As it stands on the wire. */
      readonly text: string;
    }
  | {
      readonly type: 'flood';
      /** How many; more than the model may keep. */
      readonly bytes: number;
    }
  | {
      readonly type: 'replace';
      /** As it stands on the wire. */
      readonly body: string;
      /** The header of that name: `text/html`. A socket has none. */
      readonly contentType: string;
    }
  | {
      readonly type: 'close';
      /** Of RFC 6455. */
      readonly code: number;
      /** At most 123 bytes. */
      readonly reason: string;
      /** Messages of the service that still come. */
      readonly afterMessages: number;
    };
