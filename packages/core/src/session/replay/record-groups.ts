import { noSession } from '../container/session-header.ts';
import type { SessionReader } from '../container/session-reader.ts';
import type { SessionRecord } from '../container/session-record.ts';

/** Something that came in, and what the graph did with it. */
export interface RecordGroup {
  readonly event: SessionRecord;
  /** When it came in, in milliseconds. */
  readonly atMs: number;
  readonly rest: readonly SessionRecord[];
  /** Nothing follows in the file. */
  readonly last: boolean;
}

/** What one event may set off: more is no session. */
const MOST_RECORDS = 1_000_000;
const MOST_BYTES = 512 * 2 ** 20;

/** The records of a session, event by event: `at` says which are events. */
export async function* recordGroups(reader: SessionReader): AsyncGenerator<RecordGroup, void, undefined> {
  let event: SessionRecord | undefined;
  let rest: SessionRecord[] = [];
  let bytes = 0;
  for await (const record of reader) {
    if (record.type === 'inspect') continue;
    if ('at' in record.json) {
      if (event !== undefined) yield { event, atMs: timeOf(event), rest, last: false };
      event = record;
      rest = [];
      bytes = 0;
    } else if (event === undefined) throw noSession(`record ${record.index} stands before anything has come in`);
    else {
      rest.push(record);
      bytes += record.bytes.length;
      if (rest.length > MOST_RECORDS || bytes > MOST_BYTES)
        throw noSession(`record ${event.index} is followed by more than one event can set off`);
    }
  }
  if (event !== undefined) yield { event, atMs: timeOf(event), rest, last: true };
}

function timeOf({ index, json }: SessionRecord): number {
  const { at } = json;
  if (typeof at !== 'number' || !Number.isFinite(at)) throw noSession(`record ${index} has no time`);
  return at;
}
