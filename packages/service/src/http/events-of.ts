import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { serviceError } from '../faults/service-error.ts';
import type { ServiceResponse } from './service-response.ts';

/** An event as it was sent. `event` is its type, where it has one. */
export interface ServerSentEvent {
  /** Its type, where it has one. */
  readonly event?: string;
  /** Its lines, joined by line feeds. */
  readonly data: string;
}

/** How long one event of {@link eventsOf} may be. */
export interface EventsOfOptions {
  /** Of one event, in UTF-16 units. Default 1,000,000. */
  readonly mostLength?: number;
}

/**
 * The server-sent events of an answer, as they come. Comments, unknown fields and an event that is cut at the end are left
 * out, as the standard says; pieces may end anywhere, also in the middle of a character.
 *
 * @throws VoiceError `fall-back` for an event that is too long, and what reading the answer throws
 */
export async function* eventsOf(
  response: ServiceResponse,
  { mostLength = 1_000_000 }: EventsOfOptions = {},
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const { identity } = response;
  const read: ServerSentEvent[] = [];
  let tooLong = false;
  const parser = createParser({
    maxBufferSize: mostLength,
    onEvent: ({ event, data }: EventSourceMessage) => read.push(event === undefined ? { data } : { event, data }),
    onError: ({ type }) => {
      tooLong ||= type === 'max-buffer-size-exceeded';
    },
  });
  const decoder = new TextDecoder();
  for await (const piece of response) {
    parser.feed(decoder.decode(piece, { stream: true }));
    yield* read.splice(0);
    if (!tooLong) continue;
    const message = `an event is longer than ${mostLength} characters`;
    throw serviceError({ ...identity, category: 'fall-back', message });
  }
}
