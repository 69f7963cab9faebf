import { strict as assert } from 'node:assert';
import { captionOf } from '../../../packages/page/src/call/caption-message.ts';
import { parseServerMessage } from '../../../packages/protocol/src/messages.ts';
import { ProtocolFault } from '../../../packages/protocol/src/protocol-fault.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const from = '12345678-1234-4234-8234-123456789abc';
const said = (data: unknown) => JSON.stringify({ type: 'app-message', from, data });

export const captionsTarget: FuzzTarget = {
  name: 'captions',
  reads: 'captions that come as app messages (there are no caption files in the product), from the socket to the line',
  seeds: () => [
    said({ type: 'caption', text: 'Hello. What', isFinal: false }),
    said({ type: 'caption', text: '', isFinal: true, more: [1] }),
    said(null),
  ],
  documents: (error) => error instanceof ProtocolFault,
  run: (input) => {
    const message = parseServerMessage(Buffer.from(input).toString());
    if (message.type !== 'app-message') return;
    const caption = captionOf(message.data);
    if (caption === undefined) return;
    assert.deepEqual(Object.keys(caption), ['type', 'text', 'isFinal']);
    assert.deepEqual(captionOf(JSON.parse(JSON.stringify(caption))), caption);
  },
};
