// Session files in the page: written from what comes on the socket, and read to be looked at again. `@sluice/core/session` reads and
// writes the same files in Node.

import type { GraphTopology, InspectMessage, LinkColumn, NodeColumn } from '../../protocol/messages.ts';
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

/** The longest that a first line may be: of a graph of ten thousand nodes. What begins otherwise is not read to its end. */
const MOST_HEADER_BYTES = 2 ** 22;
/** What may have been told in one file: some hours. More would fill the page's memory, and end it without a word. */
const MOST_TOLD_BYTES = 2 ** 28;

/** Looks at the beginning of a file, however large it is. @throws Error for what is none */
export async function mustBeSession(file: Blob): Promise<void> {
  factsIn(new Uint8Array(await file.slice(0, MOST_HEADER_BYTES).arrayBuffer()));
}

/** Reads a file. @throws Error with what is wrong, for who opened it */
export function readSession(bytes: Uint8Array): SessionRead {
  const { facts, end } = factsIn(bytes);
  let told = 0;
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
      told += next - at;
      if (told > MOST_TOLD_BYTES)
        throw new Error('More was told in this session than a page can hold (256 MB): record shorter stretches of it.');
      const record = json();
      const message = messageOf(record);
      if (message !== undefined) messages.push(message);
      if (message?.type === 'sample') zero ??= message.t - (record as { readonly at: number }).at;
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

/** What the first line says, and where it ends. */
function factsIn(bytes: Uint8Array): { readonly facts: SessionFacts; readonly end: number } {
  const end = bytes.subarray(0, MOST_HEADER_BYTES).indexOf(10);
  return { facts: factsOf(new TextDecoder().decode(bytes.subarray(0, Math.max(end, 0)))), end };
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
  return types.has(message?.type ?? '') && isWhole(message!) ? message : undefined;
}

const drawnOfNodes = ['framesIn', 'framesOut', 'waiting', 'paused', 'p50'] as const satisfies readonly NodeColumn[];
const drawnOfLinks = ['frames', 'droppedFrames', 'depth', 'depthMs', 'level'] as const satisfies readonly LinkColumn[];

/** Whether what the page draws from it is there: another version may have written it, or somebody else. */
function isWhole(message: InspectMessage): boolean {
  if (message.type === 'topology') return isList(message.graphs, ({ nodes, links }) => isList(nodes) && isList(links));
  if (message.type !== 'sample') return message.type !== 'talk' || isList(message.entries);
  const { t, process, graphs } = message;
  return (
    Number.isFinite(t) &&
    typeof process === 'object' &&
    isList(graphs, ({ nodes, links, states, problems, faults }) => {
      const columns: readonly unknown[] = [
        ...drawnOfNodes.map((name) => nodes?.[name]),
        ...drawnOfLinks.map((name) => links?.[name]),
      ];
      return [...columns, states, problems, faults].every(Array.isArray);
    })
  );
}

function isList<T>(value: readonly T[], holds: (one: T) => boolean = () => true): boolean {
  return Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null || holds(one));
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
