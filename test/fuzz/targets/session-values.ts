import { strict as assert } from 'node:assert';
import { SluiceError } from '../../../packages/core/src/errors.ts';
import { audioFrame } from '../../../packages/core/src/media/audio-frame.ts';
import { videoFrame } from '../../../packages/core/src/media/video-frame.ts';
import { type PackedValue, packValue } from '../../../packages/core/src/session/values/pack-value.ts';
import { unpackValue } from '../../../packages/core/src/session/values/unpack-value.ts';
import { keepAll } from '../../../packages/core/src/session/values/value-mark.ts';
import { micros } from '../../../packages/core/src/time/units.ts';
import { voiceError } from '../../../packages/core/src/voice/voice-error.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';
import { jsonOf } from './json-of.ts';

const timestamp = micros(20_000);
const values: readonly (() => unknown)[] = [
  () => audioFrame({ samples: new Int16Array([1, 2, 3, 4]), sampleRate: 8_000, channels: 2, timestamp }),
  () => videoFrame({ data: new Uint8Array(6), width: 2, height: 2, format: 'I420', timestamp }),
  () => [new Float32Array([1]), { a: [1, -0, Number.NaN, undefined, 5n, null, 'text'] }],
  () => ({ error: voiceError('is busy', { model: 'm', category: 'wait', retryAfterMs: 5 }) }),
  () => new SluiceError('SLUICE_ABORTED', 'over'),
];

/** JSON, a byte of zero, and the bytes that it speaks of. */
const print = ({ json, parts }: PackedValue): Uint8Array =>
  Buffer.concat([Buffer.from(JSON.stringify(json)), Buffer.alloc(1), ...parts]);

export const sessionValuesTarget: FuzzTarget = {
  name: 'session-values',
  reads: 'values at the ends of a session',
  maxBytes: 16_384,
  seeds: () => values.map((make) => print(packValue(make(), keepAll))),
  run: (input) => {
    const end = input.indexOf(0);
    const text = input.subarray(0, end < 0 ? input.length : end);
    const bytes = end < 0 ? new Uint8Array(0) : input.subarray(end + 1);
    const value = unpackValue(jsonOf(text), bytes);
    const packed = packValue(value, keepAll);
    if (packed.lost !== undefined || packed.json === undefined) return;
    const printed = print(packed);
    const again = unpackValue(packed.json, new Uint8Array(Buffer.concat(packed.parts)));
    assert.deepEqual(Buffer.from(print(packValue(again, keepAll))), Buffer.from(printed));
  },
};
