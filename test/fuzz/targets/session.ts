import { strict as assert } from 'node:assert';
import { RecordSplitter } from '../../../packages/core/src/session/container/record-splitter.ts';
import {
  decodeHeader,
  encodeHeader,
  SESSION_FORMAT,
} from '../../../packages/core/src/session/container/session-header.ts';
import { encodeRecord } from '../../../packages/core/src/session/container/session-record.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const header = encodeHeader({
  format: SESSION_FORMAT,
  versions: { node: 'v20.19.0', core: '0.0.0' },
  graph: { name: 'bot', shape: ['source a: a [a]'], hash: '0' },
  startedAt: '2026-01-01T00:00:00.000Z',
  sound: true,
  text: true,
});
const records = [
  encodeRecord('input', '{"at":1,"index":0}', [Buffer.alloc(20, 5)]),
  encodeRecord('random', '{"value":1}', []),
  encodeRecord('output', '{"node":"a"}', [Buffer.alloc(3)]),
];

export const sessionTarget: FuzzTarget = {
  name: 'session',
  reads: 'files of recorded sessions, as records',
  seeds: () => [Buffer.concat([header, ...records]), header, Buffer.concat([header, ...records, ...records])],
  run: (input) => {
    const end = input.indexOf(10);
    decodeHeader(input.subarray(0, end < 0 ? input.length : end));
    const body = input.subarray(end + 1);
    const whole = recordsOf(body, body.length);
    assert.deepEqual(recordsOf(body, Math.max(7, body.length >> 4)), whole);
    const printed = whole.map(({ type, json, bytes }) => encodeRecord(type, JSON.stringify(json), [bytes]));
    const again = recordsOf(Buffer.concat(printed), 1_024);
    assert.deepEqual(
      again.map(({ type, bytes }) => [type, bytes]),
      whole.map(({ type, bytes }) => [type, bytes]),
    );
  },
};

function recordsOf(bytes: Uint8Array, piece: number) {
  const splitter = new RecordSplitter();
  const records = [];
  for (let at = 0; at < bytes.length; at += piece) {
    splitter.push(bytes.subarray(at, at + piece));
    for (let record = splitter.next(); record !== undefined; record = splitter.next()) records.push(record);
  }
  assert.ok(splitter.rest <= bytes.length);
  return records;
}
