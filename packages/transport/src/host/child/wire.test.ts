import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostCommand, hostEvent, parseControl } from './control-messages.ts';
import {
  decodeAudio,
  decodeProgress,
  decodeWrite,
  encodeAudio,
  encodeControl,
  encodeProgress,
  encodeWrite,
  WireReader,
  wireKinds,
} from './wire.ts';

function read(chunks: readonly Buffer[]): { kind: number; payload: Buffer }[] {
  const messages: { kind: number; payload: Buffer }[] = [];
  const reader = new WireReader((kind, payload) => messages.push({ kind, payload: Buffer.from(payload) }));
  for (const chunk of chunks) reader.push(chunk);
  return messages;
}

describe('the wire to the media host', () => {
  it('carries media in arrays that own their buffer', () => {
    const samples = Int16Array.of(1, -2, 32_767, -32_768);
    const [write, progress, audio] = read([
      encodeWrite(7, samples.subarray(1)),
      encodeProgress([7, 1, 2, 3, 4, 5, 6, 7]),
      encodeAudio({ connection: 3, name: 'customAudio.müsik', samples, sampleRate: 48_000, channels: 2 }),
    ]);
    const written = decodeWrite(write!.payload);
    expect(written).toEqual({ source: 7, samples: Int16Array.of(-2, 32_767, -32_768) });
    expect(written.samples.buffer.byteLength).toBe(6);
    expect([...decodeProgress(progress!.payload)]).toEqual([7, 1, 2, 3, 4, 5, 6, 7]);
    const heard = decodeAudio(audio!.payload);
    expect(heard).toEqual({ connection: 3, name: 'customAudio.müsik', samples, sampleRate: 48_000, channels: 2 });
    expect(heard.samples.buffer.byteLength).toBe(8);
  });

  it('finds messages however they are cut', () => {
    const all = Buffer.concat([
      encodeControl({ type: 'alive' }),
      encodeWrite(1, new Int16Array(300)),
      encodeProgress([]),
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat(all.length), { maxLength: 12 }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), all.length];
        const chunks = edges.slice(1).map((edge, index) => all.subarray(edges[index], edge));
        expect(read(chunks).map(({ kind }) => kind)).toEqual([wireKinds.control, wireKinds.write, wireKinds.progress]);
      }),
    );
  });

  it('refuses anything else with a typed error', () => {
    const broken = expect.objectContaining({ code: 'SLUICE_HOST_PROTOCOL' });
    expect(() => read([Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])])).toThrow(broken);
    expect(() => read([Buffer.from([0, 0, 0, 0, 9, 0, 0, 0])])).toThrow(broken);
    expect(() => decodeWrite(Buffer.alloc(9))).toThrow(broken);
    expect(() => decodeProgress(Buffer.alloc(9))).toThrow(broken);
    expect(() => decodeAudio(Buffer.alloc(12))).toThrow(broken);
    for (const text of ['', '{', '[]', '{"type":"exec"}', '{"type":"flush","id":-1}', '{"type":"flush"}'])
      expect(() => parseControl(hostCommand, Buffer.from(text))).toThrow(broken);
    expect(parseControl(hostEvent, Buffer.from('{"type":"alive","extra":1}'))).toEqual({ type: 'alive' });
  });

  it('survives random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          for (const { payload } of read([Buffer.from(bytes)])) decodeAudio(payload);
        } catch (error) {
          expect(error).toMatchObject({ code: 'SLUICE_HOST_PROTOCOL' });
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
