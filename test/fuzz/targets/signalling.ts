import { strict as assert } from 'node:assert';
import type { ClientMessage } from '@sluice/protocol';
import { readClientMessage, readServerMessage } from '../../../packages/transport/src/room/protocol/read-message.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';
import { isOurs } from '../fuzzer/is-ours.ts';
import { clientMessages, id, serverMessages, somebody } from './signalling-messages.ts';

export const signallingTarget: FuzzTarget = {
  name: 'signalling',
  reads: 'messages between clients and room servers, in both directions',
  maxBytes: 16_384,
  seeds: () => [...clientMessages, ...serverMessages].map((message) => JSON.stringify(message)),
  run: (input) => {
    const text = Buffer.from(input).toString();
    for (const read of [readClientMessage, readServerMessage]) {
      const message = ours(() => read(text));
      if (message === undefined) continue;
      const printed = JSON.stringify(message);
      assert.equal(JSON.stringify(read(printed)), printed);
      // A receiver leaves a server that it does not understand, so nobody may make it say such a thing.
      if (read === readClientMessage) for (const told of toldOthers(message as ClientMessage)) mustRead(told);
    }
  },
};

/** A message of one direction is none of the other: the refusal must be ours, and the other reader still has its turn. */
function ours<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isOurs(error)) return undefined;
    throw error;
  }
}

/** What a room makes of a client's message for the others. */
function toldOthers(message: ClientMessage): readonly string[] {
  const from = id;
  if (message.type === 'relay') return [JSON.stringify({ type: 'relay', from, body: message.body })];
  if (message.type === 'join' || message.type === 'update') {
    const { userName = '', tracks = [], userData } = message;
    const participant = { ...somebody, userName, tracks, ...(userData === undefined ? {} : { userData }) };
    return [JSON.stringify({ type: 'participant-updated', participant })];
  }
  if (message.type !== 'ask') return [];
  const { ask } = message;
  if (ask.ask === 'app-message') return [JSON.stringify({ type: 'app-message', from, data: ask.data })];
  if (ask.ask !== 'chat') return [];
  return [JSON.stringify({ type: 'chat', from, userName: ask.userName ?? '', text: ask.text, at: '2026' })];
}

function mustRead(text: string): void {
  try {
    readServerMessage(text);
  } catch (error) {
    assert.fail(`what a client may say becomes what no client takes: ${(error as Error).message}`);
  }
}
