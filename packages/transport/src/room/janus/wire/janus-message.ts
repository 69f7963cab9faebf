// The wire of a Janus server: its WebSocket API, typed. Knows no room, no media and no call.

import { SluiceError } from '@sluice/core';
import * as v from 'valibot';

const fields = v.looseObject({});

const message = v.looseObject({
  janus: v.string(),
  transaction: v.exactOptional(v.string()),
  /** The handle that it is about. */
  sender: v.exactOptional(v.number()),
  error: v.exactOptional(v.looseObject({ code: v.number(), reason: v.string() })),
  data: v.exactOptional(v.looseObject({ id: v.number() })),
  plugindata: v.exactOptional(v.looseObject({ plugin: v.string(), data: fields })),
  jsep: v.exactOptional(v.looseObject({ type: v.picklist(['offer', 'answer']), sdp: v.string() })),
  reason: v.exactOptional(v.string()),
});
/** What a Janus server says. Fields that are not named here are kept. */
export type JanusMessage = v.InferOutput<typeof message>;

/** What the VideoRoom says in a message: its fields, checked where they are used. */
export type PluginData = v.InferOutput<typeof fields>;

/** The longest message that is taken: a full room whose participants describe sixteen tracks each, in bytes. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * Reads a message of a Janus server.
 *
 * @throws `SLUICE_ROOM_PROTOCOL` if it is none.
 */
export function readJanusMessage(text: string): JanusMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notJanus('JSON', text.slice(0, 100), cause);
  }
  const result = v.safeParse(message, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw notJanus(`${issue.expected ?? 'another value'} at ${v.getDotPath(issue) ?? 'its top'}`, issue.received);
}

/** For what a server says that no Janus would. */
export function notJanus(expected: string, received: unknown, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_ROOM_PROTOCOL', 'a message of the server is none of the Janus API', {
    expected,
    received,
    fix: 'Check that a Janus server with the WebSocket transport listens at this address',
    ...(cause !== undefined && { cause }),
  });
}
