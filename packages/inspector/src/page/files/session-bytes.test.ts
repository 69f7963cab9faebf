import { expect, it, vi } from 'vitest';
import { type InspectMessage, linkColumns, nodeColumns } from '../../protocol/messages.ts';
import { headerBytes, mustBeSession, readSession, recordBytes } from './session-bytes.ts';

const facts = { name: 'bot', startedAt: '2026-01-01T00:00:00.000Z', text: true };
const read = { ...facts, sound: false };
const hello = { type: 'hello', program: 'bot.js' } as unknown as InspectMessage;
const nodes = Object.fromEntries(nodeColumns.map((name) => [name, [1]]));
const links = Object.fromEntries(linkColumns.map((name) => [name, []]));
const columns = { nodes, links, states: ['running'], problems: [], faults: [] };
const sample = { type: 'sample', t: 5, process: {}, graphs: [{ graph: 1, ...columns }] } as unknown as InspectMessage;

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

it('passes over what another version told otherwise', () => {
  const others = [
    { type: 'sample', t: 5 },
    { type: 'sample', t: 'soon', process: {}, graphs: [] },
    { type: 'sample', t: 5, process: {}, graphs: [{ graph: 1, ...columns, links: undefined }] },
    { type: 'sample', t: 5, process: {}, graphs: [{ graph: 1, ...columns, nodes: { ...nodes, framesIn: 3 } }] },
    { type: 'topology', revision: 1, graphs: [{ graph: 1 }] },
    { type: 'topology', revision: 1 },
    { type: 'talk', graph: 1 },
  ].map((message) => recordBytes(1, message as never));
  expect(readSession(file(headerBytes(facts, {}), ...others, recordBytes(2, sample))).messages).toEqual([sample]);
});

it('knows what is no session by its beginning, however large it is', async () => {
  const large = new Blob(['a line of a log\n']);
  let read = 0;
  const slice = vi.spyOn(large, 'slice').mockImplementation((from = 0, to = 0) => {
    read = to - from;
    return new Blob(['a line of a log\n']);
  });
  expect(await mustBeSession(large).catch((error: Error) => error.message)).toMatch(/no session file/);
  expect(slice).toHaveBeenCalledOnce();
  expect(read).toBeLessThan(5_000_000);
});
