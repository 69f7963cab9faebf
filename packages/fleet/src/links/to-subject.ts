import { createSink, type Frame, type Sink } from '@sluice/core';
import type { FleetConnection } from '../connection/fleet-connection.ts';
import { type LinkWire, subjectsOf } from './link-wire.ts';
import { natsWire } from './nats-wire.ts';
import { noFigures, type RemoteLinkFigures } from './remote-link-figures.ts';
import { checkLink, senderOptions, type ToSubjectOptions } from './remote-link-options.ts';
import { SendingEnd } from './sending-end.ts';

/** The end of a graph that goes on in another process, and what passed it. */
export interface RemoteSink<F extends Frame> extends Sink<F> {
  /** Counted as they go; read at any time, also after the end. */
  readonly figures: Readonly<RemoteLinkFigures>;
}

/**
 * Sends what it is given to the `fromSubject` of the same name, wherever that runs. It has no policy of its own: while the
 * receiver has no room, or is not there, the graph is held back, and the link before it waits or drops as it is told to.
 * What is lost on the way is counted and is a gap on the next frame.
 *
 * `finished` resolves when the receiver has taken everything up to the end. An interruption makes void what is on its way; a
 * failure of the graph fails the source of the receiver.
 *
 * @param connection Of `connectNats`; its tenant begins the subject. It stays the caller's.
 * @param name Of the link: names between dots. The subjects are `<tenant>.links.<name>.frames` and `.credit`.
 * @throws TypeError, RangeError at once for options that are not valid
 * @example
 * bot.from(fromWavFile('greeting.wav', { live: true })).to(toSubject(nats, 'desk.guest'));
 * @see fromSubject
 */
export function toSubject<F extends Frame>(
  connection: FleetConnection,
  name: string,
  options: ToSubjectOptions = {},
): RemoteSink<F> {
  checkLink('toSubject', connection, name);
  return sendOver<F>(natsWire(connection), connection.subject('links', name), options);
}

/** The same over any wire. */
export function sendOver<F extends Frame>(
  wire: LinkWire,
  subject: string,
  options: ToSubjectOptions = {},
): RemoteSink<F> {
  const settings = senderOptions(options);
  const figures = noFigures();
  let end: SendingEnd | undefined;
  const sink = createSink<F>({
    name: 'toSubject',
    open: (context) => {
      end = new SendingEnd(wire, subjectsOf(subject), settings, context, figures);
      return end;
    },
    problems: () =>
      end === undefined || end.heard ? [] : [`is read by nobody; start a graph with fromSubject of ${subject}`],
  });
  return Object.assign(sink, { figures });
}
