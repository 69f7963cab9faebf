import { strict as assert } from 'node:assert';
import { wavDecoder } from '../../../packages/nodes/src/formats/wav/wav-decoder.ts';
import { WavHeaderParser } from '../../../packages/nodes/src/formats/wav/wav-header.ts';
import { wavHeader } from '../../../packages/nodes/src/formats/wav/wav-header-bytes.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const formats = [
  { sampleRate: 8_000, channels: 1 },
  { sampleRate: 48_000, channels: 6 },
];

/** Two blocks of sound behind the header, at most; a block is no longer than 64 KiB. */
const BLOCKS = 2;

export const wavHeaderTarget: FuzzTarget = {
  name: 'wav',
  reads: 'WAV, RF64 and BW64 headers, and the first blocks of sound',
  seeds: () => [
    ...formats.map((format) => wavHeader(format, 960)),
    ...formats.map((format) => wavHeader(format, 5 * 2 ** 30)),
    Buffer.concat([wavHeader(formats[0]!, 960), Buffer.alloc(960, 5)]),
  ],
  run: (input) => {
    const header = parsed(input, input.length);
    // A reader that gets the file in pieces reads the same.
    assert.deepEqual(parsed(input, Math.max(7, input.length >> 4)), header);
    if (header === undefined) return;
    const { format, dataOffset } = header;
    assert.ok(dataOffset <= input.length);
    assert.ok(format.blockBytes > 0 && format.blockSamples > 0);
    const out = new Int16Array(BLOCKS * format.blockSamples * format.channels);
    const bytes = input.subarray(dataOffset, dataOffset + BLOCKS * format.blockBytes);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % format.blockBytes));
    assert.equal(
      wavDecoder(format)(whole, out),
      (whole.length / format.blockBytes) * format.blockSamples * format.channels,
    );
  },
};

function parsed(input: Uint8Array, piece: number) {
  const parser = new WavHeaderParser();
  for (let at = 0; at < input.length; at += piece) {
    const header = parser.push(input.subarray(at, at + piece));
    if (header !== undefined) return header;
  }
  return parser.end();
}
