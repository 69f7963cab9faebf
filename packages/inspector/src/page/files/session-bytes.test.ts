import { expect, it } from 'vitest';
import type { InspectMessage } from '../../protocol/messages.ts';
import { headerBytes, readSession, recordBytes } from './session-bytes.ts';

const facts = { name: 'bot', startedAt: '2026-01-01T00:00:00.000Z', text: true };
const read = { ...facts, sound: false };
const hello = { type: 'hello', program: 'bot.js' } as unknown as InspectMessage;
const sample = { type: 'sample', t: 5 } as unknown as InspectMessage;

function file(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

it('reads what it wrote, to the last whole record, without what others wrote', () => {
  const foreign = recordBytes(2, { nodes: [] } as never);
  const input = recordBytes(3, sample);
  input[4] = 1;
  const whole = file(headerBytes(facts, {}), recordBytes(1, hello), foreign, input, recordBytes(4, sample));
  expect(readSession(whole)).toEqual({ facts: read, messages: [hello, sample] });
  expect(readSession(file(whole, recordBytes(5, sample).subarray(0, 20)))).toEqual({
    facts: read,
    messages: [hello, sample],
  });
});

it('says what is wrong with a file', () => {
  expect(() => readSession(file())).toThrow('no session file');
  expect(() => readSession(new TextEncoder().encode('RIFF\n'))).toThrow('no session file');
  expect(() => readSession(file(headerBytes(facts, {}), recordBytes(1, hello)))).toThrow('Nobody looked');
});
