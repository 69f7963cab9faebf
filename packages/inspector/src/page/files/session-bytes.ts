// Session files in the page: written from what comes on the socket, and read to be looked at again. `@sluice/core/session` reads and
// writes the same files in Node.

import type { InspectMessage } from '../../protocol/messages.ts';

const FORMAT = 'sluice-session/1';
/** The number of an inspector's record in the file, and the bytes of its head: `u32 length, u8 type, u32 jsonLength`. */
const INSPECT = 6;
const HEAD = 9;
const types: ReadonlySet<string> = new Set(['hello', 'topology', 'sample', 'calls', 'talk', 'event']);

/** What the first line of a file says of it. */
export interface SessionFacts {
  readonly name: string;
  readonly startedAt: string;
  /** Whether words are in it. */
  readonly text: boolean;
}

/** The first line of a session that only was looked at: there is nothing to replay in its program. */
export function headerBytes({ name, startedAt, text }: SessionFacts, versions: object): Uint8Array<ArrayBuffer> {
  const graph = { name, shape: [], hash: '' };
  return encode(`${JSON.stringify({ format: FORMAT, versions, graph, startedAt, sound: false, text })}\n`);
}

/** A message as a record, with when it came in milliseconds. */
export function recordBytes(at: number, message: InspectMessage): Uint8Array<ArrayBuffer> {
  const json = encode(JSON.stringify({ at, message }));
  const record = new Uint8Array(HEAD + json.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, record.length - 4, true);
  view.setUint8(4, INSPECT);
  view.setUint32(5, json.length, true);
  record.set(json, HEAD);
  return record;
}

/** A file that was read: to its last whole record, without those that no inspector wrote. */
export interface SessionRead {
  readonly facts: SessionFacts;
  readonly messages: readonly InspectMessage[];
}

/** Reads a file. @throws Error with what is wrong, for who opened it */
export function readSession(bytes: Uint8Array): SessionRead {
  const end = bytes.indexOf(10);
  const facts = factsOf(new TextDecoder().decode(bytes.subarray(0, Math.max(end, 0))));
  const messages: InspectMessage[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = end + 1;
  while (at + HEAD <= bytes.length) {
    const next = at + 4 + view.getUint32(at, true);
    if (next > bytes.length || next < at + HEAD) break;
    if (view.getUint8(at + 4) === INSPECT) {
      const message = messageOf(bytes.subarray(at + HEAD, at + HEAD + view.getUint32(at + 5, true)));
      if (message !== undefined) messages.push(message);
    }
    at = next;
  }
  if (!messages.some(({ type }) => type === 'sample'))
    throw new Error('Nobody looked while this session was recorded: it can be replayed (sluice replay), not shown.');
  return { facts, messages };
}

function factsOf(line: string): SessionFacts {
  try {
    const { format, graph, startedAt, text } = JSON.parse(line);
    if (format === FORMAT) return { name: String(graph.name), startedAt: String(startedAt), text: text === true };
  } catch {
    // What is no JSON is no session either.
  }
  throw new Error(`This is no session file: it does not begin with {"format":"${FORMAT}"}.`);
}

/** What an inspector told; the file has other things under the same number as well. */
function messageOf(json: Uint8Array): InspectMessage | undefined {
  try {
    const { message } = JSON.parse(new TextDecoder().decode(json));
    return types.has(message?.type) ? (message as InspectMessage) : undefined;
  } catch {
    return undefined;
  }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}
