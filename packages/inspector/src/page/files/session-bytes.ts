// Session files in the page: written from what comes on the socket, and read to be looked at again. `@sluice/core/session` reads and
// writes the same files in Node.

import type { GraphTopology, InspectMessage } from '../../protocol/messages.ts';
import { type LinkSounds, SessionSound } from './session-sound.ts';

const FORMAT = 'sluice-session/1';
/** The number of an inspector's record in the file, and the bytes of its head: `u32 length, u8 type, u32 jsonLength`. */
const INSPECT = 6;
/** Those of what came in and of what went out. */
const BORDER: ReadonlySet<number> = new Set([1, 5]);
const HEAD = 9;
const types: ReadonlySet<string> = new Set(['hello', 'topology', 'sample', 'calls', 'fleets', 'talk', 'event']);

/** What the first line of a file says of it. */
export interface SessionFacts {
  readonly name: string;
  readonly startedAt: string;
  /** Whether words are in it. */
  readonly text: boolean;
  /** Whether samples are. */
  readonly sound: boolean;
}

/** The first line of a session that only was looked at: there is nothing to replay in its program. */
export function headerBytes(
  { name, startedAt, text }: Omit<SessionFacts, 'sound'>,
  versions: object,
): Uint8Array<ArrayBuffer> {
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
  /** Undefined where it has none. */
  readonly sound: LinkSounds | undefined;
}

/** Reads a file. @throws Error with what is wrong, for who opened it */
export function readSession(bytes: Uint8Array): SessionRead {
  const end = bytes.indexOf(10);
  const facts = factsOf(new TextDecoder().decode(bytes.subarray(0, Math.max(end, 0))));
  const messages: InspectMessage[] = [];
  const crossed = facts.sound ? new SessionSound() : undefined;
  let zero: number | undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = end + 1;
  while (at + HEAD <= bytes.length) {
    const next = at + 4 + view.getUint32(at, true);
    if (next > bytes.length || next < at + HEAD) break;
    const type = view.getUint8(at + 4);
    const body = at + HEAD + view.getUint32(at + 5, true);
    const json = () => jsonOf(bytes.subarray(at + HEAD, body));
    if (type === INSPECT) {
      const told = json();
      const message = messageOf(told);
      if (message !== undefined) messages.push(message);
      if (message?.type === 'sample') zero ??= message.t - (told as { readonly at: number }).at;
    } else if (crossed !== undefined && BORDER.has(type)) crossed.take(json() ?? {}, bytes.subarray(body, next));
    at = next;
  }
  if (!messages.some(({ type }) => type === 'sample'))
    throw new Error('Nobody looked while this session was recorded: it can be replayed (sluice replay), not shown.');
  return { facts, messages, sound: crossed?.ofLinks(graphsOf(messages, facts.name), zero ?? 0) };
}

/** How the graph of a session looked, whenever it was another. */
function graphsOf(messages: readonly InspectMessage[], name: string): readonly GraphTopology[] {
  return messages
    .flatMap((message) => (message.type === 'topology' ? message.graphs : []))
    .filter((one) => one.name === name);
}

function factsOf(line: string): SessionFacts {
  try {
    const { format, graph, startedAt, text, sound } = JSON.parse(line);
    if (format === FORMAT)
      return { name: String(graph.name), startedAt: String(startedAt), text: text === true, sound: sound === true };
  } catch {
    // What is no JSON is no session either.
  }
  throw new Error(`This is no session file: it does not begin with {"format":"${FORMAT}"}.`);
}

/** What an inspector told; the file has other things under the same number as well. */
function messageOf(told: object | undefined): InspectMessage | undefined {
  const { message } = (told ?? {}) as { readonly message?: InspectMessage };
  return types.has(message?.type ?? '') ? message : undefined;
}

function jsonOf(bytes: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}
