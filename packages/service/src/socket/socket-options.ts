import type { SaidFault } from '../faults/read-fault.ts';
import type { ServiceIdentity } from '../faults/service-error.ts';

/** What is sent: text and bytes as they are, anything else as JSON. */
export type SocketMessage = string | Uint8Array | object;

/** How a connection ended. */
export interface SocketEnd {
  /** Of RFC 6455; 1006 where the other side said nothing. */
  readonly code: number;
  /** What the service said, without keys. */
  readonly reason: string;
  /** Why, with what helps. Absent where `close` or the signal ended it. */
  readonly error?: Error;
}

/** What a close code means at a service of its own codes. */
export interface SocketFault extends SaidFault {
  /** The status of HTTP that it amounts to. */
  readonly status?: number;
}

/** Where {@link ServiceSocket} connects, what it may take, and who is told. */
export interface ServiceSocketOptions {
  /** Whose socket it is: errors and logs name that service, and hide its keys. */
  readonly identity: ServiceIdentity;
  /** `wss:` or `ws:`. */
  readonly url: string | URL;
  /** Sent with the request to open it: the key of an account, a version. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** WebSocket subprotocols that are offered, the one liked best first. Default: none. */
  readonly protocols?: readonly string[];
  /** Until it is open, in milliseconds. Default 10,000. */
  readonly connectMs?: number;
  /** Of one message that comes. Default 4 MiB. */
  readonly mostMessageBytes?: number;
  /** That may wait to be sent before `send` gives a promise. Default 256 KiB. */
  readonly mostBufferedBytes?: number;
  /** How long `send` may have no room, in milliseconds. Default 10,000. */
  readonly fullMs?: number;
  /** Between two pings, in milliseconds of the machine; two without a sign of life end it. Default 10,000. */
  readonly pingMs?: number;
  /** What the service wants to hear now and then, in milliseconds of the machine. */
  readonly keepAlive?: { readonly everyMs: number; readonly message: () => SocketMessage };
  /** Said before it is closed from here. */
  readonly farewell?: () => SocketMessage;
  /** A text message, as the value of its JSON. */
  readonly onMessage: (message: unknown) => void;
  /** A binary message. Default: it is a fault. */
  readonly onBinary?: (bytes: Uint8Array) => void;
  /** Told once, if it was open. */
  readonly onEnd: (end: SocketEnd) => void;
  /** What the service's own close codes mean. */
  readonly faultOf?: (code: number, reason: string) => SocketFault | undefined;
}
