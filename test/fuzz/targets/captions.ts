import { strict as assert } from 'node:assert';
import { captionOf } from '../../../packages/page/src/call/caption-message.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';
import { jsonOf } from './json-of.ts';

export const captionsTarget: FuzzTarget = {
  name: 'captions',
  reads: 'captions that come as app messages (there are no caption files in the product)',
  seeds: () => [
    JSON.stringify({ type: 'caption', text: 'Hello. What', isFinal: false }),
    JSON.stringify({ type: 'caption', text: '', isFinal: true, more: [1] }),
  ],
  run: (input) => {
    const caption = captionOf(jsonOf(input));
    if (caption === undefined) return;
    assert.deepEqual(Object.keys(caption), ['type', 'text', 'isFinal']);
    assert.deepEqual(captionOf(JSON.parse(JSON.stringify(caption))), caption);
  },
};
