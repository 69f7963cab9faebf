import { type AudioFrame, type Frame, pushSource, type Source, type VideoFrame } from '@sluice/core';
import type { FleetConnection } from '../connection/fleet-connection.ts';
import { type LinkWire, subjectsOf } from './link-wire.ts';
import { natsWire } from './nats-wire.ts';
import { ReceivingEnd } from './receiving-end.ts';
import { noFigures, type RemoteLinkFigures } from './remote-link-figures.ts';
import { checkLink, type FromSubjectOptions, receiverOptions } from './remote-link-options.ts';

/** The beginning of a graph that comes from another process, and what passed it. */
export type RemoteSource<F extends Frame> = Source<F> & {
  /** Counted as they come; read at any time, also after the end. */
  readonly figures: Readonly<RemoteLinkFigures>;
};

/**
 * What the `toSubject` of the same name is given, wherever that runs. The sender is given credit as frames go on from here, so
 * that at most a window of them is on its way. Timestamps are the sender's; a sender that follows another one goes on where
 * that one was, behind a gap as long as nobody sent. What was lost on the way is a gap, too.
 *
 * Completes when the sender has ended, and fails with `SLUICE_REMOTE_LINK_FAILED` when it failed. While there is none it
 * waits, and says so in `inspect()`. An interruption here makes void what is on its way.
 *
 * @param connection Of `connectNats`; its tenant begins the subject. It stays the caller's.
 * @param name Of the link: names between dots.
 * @returns a source for one reader at a time: another one is refused, as a second sender is
 * @throws TypeError, RangeError at once for options that are not valid
 * @example
 * const mixing = bot.add(mixer());
 * bot.from(fromSubject(nats, 'desk.guest', { live: true })).to(mixing.input('guest'));
 * @see toSubject
 */
export function fromSubject(
  connection: FleetConnection,
  name: string,
  options?: FromSubjectOptions & {
    /** What the frames are. Default `audio`. */
    readonly kind?: 'audio';
  },
): RemoteSource<AudioFrame>;
/** Pictures. */
export function fromSubject(
  connection: FleetConnection,
  name: string,
  options: FromSubjectOptions & { readonly kind: 'video' },
): RemoteSource<VideoFrame>;
/** Frames of your own. */
export function fromSubject<F extends Frame>(
  connection: FleetConnection,
  name: string,
  options: FromSubjectOptions & { readonly kind: F['kind'] },
): RemoteSource<F>;
export function fromSubject<F extends Frame>(
  connection: FleetConnection,
  name: string,
  options: FromSubjectOptions = {},
): RemoteSource<F> {
  checkLink('fromSubject', connection, name);
  return receiveOver<F>(natsWire(connection), connection.subject('links', name), options);
}

/** The same over any wire. */
export function receiveOver<F extends Frame>(
  wire: LinkWire,
  subject: string,
  options: FromSubjectOptions = {},
): RemoteSource<F> {
  const settings = receiverOptions(options);
  const figures = noFigures();
  let end: ReceivingEnd | undefined;
  const spec = {
    name: 'fromSubject',
    live: settings.live,
    problems: () =>
      end === undefined || end.fed ? [] : [`hears no sender; start a graph with toSubject of ${subject}`],
  };
  const source = pushSource<F>(spec, (destination, context) => {
    const opened = new ReceivingEnd(wire, subjectsOf(subject), settings, destination as never, context, figures);
    end = opened;
    return () => {
      if (end === opened) end = undefined;
      opened.close();
    };
  });
  return Object.assign(source, { figures });
}
