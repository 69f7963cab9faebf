import { strict as assert } from 'node:assert';
import { DtmfDetector } from '../../../packages/nodes/src/kernels/audio/dtmf-detector.ts';
import { DtmfSequence } from '../../../packages/nodes/src/kernels/audio/dtmf-sequence.ts';
import { dtmfKeys } from '../../../packages/nodes/src/kernels/audio/dtmf-tones.ts';
import { fromDtmf } from '../../../packages/nodes/src/sources/from-dtmf.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const settings = { sampleRate: 8_000, channels: 1, toneMs: 60, pauseMs: 50, commaMs: 100, levelDb: -10, twistDb: 0 };

/** The first byte says whether the rest is a number to dial or sound to listen to. */
const number = (digits: string) => `n${digits}`;

export const dtmfTarget: FuzzTarget = {
  name: 'dtmf',
  reads: 'numbers to dial, whose tones are heard again, and any sound for digits',
  maxBytes: 2_048,
  seeds: () => [number('0123'), number('*#,ABCD'), Buffer.concat([Buffer.from('s'), soundOf('5'), soundOf('9')])],
  run: (input) => {
    const rest = input.slice(1);
    if (input[0] !== 0x6e) return void heard(new Int16Array(rest.buffer, 0, rest.length >> 1));
    const digits = Buffer.from(rest).toString();
    fromDtmf(digits);
    if (digits.length > 4) return;
    const dialled = [...digits].filter((digit) => digit !== ',').join('');
    assert.equal(heard(samplesOf(digits)), dialled);
  },
};

function samplesOf(digits: string): Int16Array {
  const sequence = new DtmfSequence(digits, settings);
  // Silence behind the last one, by which its end is told.
  const samples = new Int16Array(sequence.length + 400);
  sequence.fill(samples, 0);
  return samples;
}

function soundOf(digits: string): Buffer {
  return Buffer.from(samplesOf(digits).buffer);
}

function heard(samples: Int16Array): string {
  const detector = new DtmfDetector(settings.sampleRate, -60);
  let digits = '';
  const tell = (digit: string, start: number, end: number) => {
    assert.ok(dtmfKeys.includes(digit) && start >= 0 && end > start && end <= samples.length);
    digits += digit;
  };
  detector.process(samples, 1, tell);
  detector.flush(tell);
  return digits;
}
