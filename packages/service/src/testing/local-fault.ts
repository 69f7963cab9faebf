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
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** As JSON; text as it is. */
      readonly body?: unknown;
    }
  | { readonly type: 'slow'; readonly firstByteMs: number }
  | { readonly type: 'stall' | 'cut'; readonly afterBytes: number }
  | { readonly type: 'pieces'; readonly bytes: number }
  | { readonly type: 'insert'; readonly text: string }
  | { readonly type: 'flood'; readonly bytes: number }
  | { readonly type: 'replace'; readonly body: string; readonly contentType: string }
  | { readonly type: 'close'; readonly code: number; readonly reason: string; readonly afterMessages: number };
