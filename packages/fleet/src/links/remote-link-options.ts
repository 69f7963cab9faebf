import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import { FleetConnection } from '../connection/fleet-connection.ts';
import { checkName } from '../connection/tenant-name.ts';

/** Options of `toSubject`. */
export interface ToSubjectOptions {
  /**
   * The most bytes of one frame, 1 KiB to 64 MiB. What is above the server's `max_payload` (1 MiB unless it is raised) crosses in
   * parts. Default 4 MiB.
   */
  readonly maxFrameBytes?: number;
  /**
   * The receiver's graph was interrupted: what was sent is void already. Interrupt here what leads to this link, in this call, if
   * it should not go on. What it throws is reported.
   */
  readonly onInterrupt?: () => void;
}

/** Options of `fromSubject`. */
export interface FromSubjectOptions {
  /** Which frames are taken: `audio`, `video`, or a kind of your own. Others are refused, and counted. Default `audio`. */
  readonly kind?: string;
  /**
   * Whether frames come in their own time, as of a microphone: the link behind then drops what has no room, and a mixer waits for
   * nobody. Otherwise the sender is held back. Default false.
   */
  readonly live?: boolean;
  /**
   * How many frames may be on their way, 1 to 4,096. A sender whose own source is live uses no more than 64 of them, or 1.28 s if
   * that is more of them: what waits there is late. Default 256.
   */
  readonly windowFrames?: number;
  /** How many bytes of frames may be on their way before no further one is sent, 1 KiB to 256 MiB. Default 4 MiB. */
  readonly windowBytes?: number;
  /** The most bytes of one frame, 1 KiB to 64 MiB; what is larger is refused, and counted. Default 4 MiB. */
  readonly maxFrameBytes?: number;
  /**
   * The sender's graph was interrupted: what was on its way is dropped already. Interrupt here what follows this source, in this
   * call, so that devices fall silent too. What it throws is reported.
   */
  readonly onInterrupt?: () => void;
}

const KIB = 1024;
const MIB = 1024 * KIB;
/** A server ends the connection of who names a longer line than 4 KiB, and with it all that runs on it. */
const LONGEST_NAME = 255;
/** The most frames of a window. */
export const MOST_WINDOW = 4_096;

/** The options of a sender, with defaults. */
export function senderOptions(options: ToSubjectOptions) {
  checkKeys<ToSubjectOptions>('toSubject', options, { maxFrameBytes: true, onInterrupt: true });
  const { maxFrameBytes = 4 * MIB, onInterrupt } = options;
  checkWhole('toSubject.maxFrameBytes', maxFrameBytes, KIB, 64 * MIB);
  checkCall('toSubject.onInterrupt', onInterrupt);
  return { maxFrameBytes, onInterrupt };
}

/** The options of a receiver, with defaults. */
export function receiverOptions(options: FromSubjectOptions) {
  checkKeys<FromSubjectOptions>('fromSubject', options, {
    kind: true,
    live: true,
    windowFrames: true,
    windowBytes: true,
    maxFrameBytes: true,
    onInterrupt: true,
  });
  const { kind = 'audio', live = false, windowFrames = 256, windowBytes = 4 * MIB, maxFrameBytes = 4 * MIB } = options;
  if (typeof kind !== 'string' || kind === '')
    throw invalidArgument('fromSubject.kind', 'audio, video or a kind of your own', kind);
  if (typeof live !== 'boolean') throw invalidArgument('fromSubject.live', 'true or false', live);
  checkWhole('fromSubject.windowFrames', windowFrames, 1, MOST_WINDOW);
  checkWhole('fromSubject.windowBytes', windowBytes, KIB, 256 * MIB);
  checkWhole('fromSubject.maxFrameBytes', maxFrameBytes, KIB, 64 * MIB);
  checkCall('fromSubject.onInterrupt', options.onInterrupt);
  return { kind, live, windowFrames, windowBytes, maxFrameBytes, onInterrupt: options.onInterrupt };
}

/** What `receiverOptions` makes of options. */
export type ReceiverSettings = ReturnType<typeof receiverOptions>;
/** What `senderOptions` makes of options. */
export type SenderSettings = ReturnType<typeof senderOptions>;

/** What a link needs to be opened: a connection, and a name like `mix` or `room-1.guest`. @throws TypeError */
export function checkLink(which: 'toSubject' | 'fromSubject', connection: FleetConnection, name: string): void {
  if (!(connection instanceof FleetConnection))
    throw invalidArgument(`${which}.connection`, 'what connectNats gives', connection);
  if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME)
    throw invalidArgument('the name of a remote link', `a text of 1 to ${LONGEST_NAME} characters`, name);
  for (const token of name.split('.')) checkName('the name of a remote link, between dots,', token);
}

function checkWhole(name: string, value: number, min: number, max: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw invalidArgument(name, 'a whole number', value);
  if (value < min || value > max) throw outOfRange(name, `${min} to ${max}`, value);
}

function checkCall(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw invalidArgument(name, 'a function', value);
}
