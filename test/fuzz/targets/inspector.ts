import { strict as assert } from 'node:assert';
import { idOf, readRequest } from '../../../packages/inspector/src/server/read-request.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

export const inspectorTarget: FuzzTarget = {
  name: 'inspector',
  reads: 'what those who look send to the inspector',
  seeds: () =>
    [
      { type: 'open', token: 'a token', changes: true },
      { type: 'scope', id: 1, graph: 2, link: 'a>b', kinds: ['peaks', 'sound', 'picture'] },
      { type: 'follow', id: 65_535, graph: 2, link: 'a>b' },
      { type: 'unscope', id: 1 },
      { type: 'send', id: 1, graph: 1, node: 'gain', message: { type: 'set-gain', db: -6 } },
      { type: 'pause-page', paused: true },
      { type: 'history' },
      { type: 'of a later version' },
    ].map((request) => JSON.stringify(request)),
  run: (input) => {
    const text = Buffer.from(input).toString();
    const id = idOf(text);
    assert.ok(id === undefined || (Number.isInteger(id) && id >= 1 && id <= 65_535));
    const request = readRequest(text);
    if (request === undefined) return;
    const printed = JSON.stringify(request);
    assert.equal(JSON.stringify(readRequest(printed)), printed);
    if ('id' in request) assert.equal(id, request.id);
  },
};
