import { describe, expect, it } from 'vitest';
import { coreErrorCodes, invalidArgument, isSluiceError, outOfRange, SluiceError, toError } from './errors.ts';

describe('SluiceError', () => {
  it('says what happened, what was expected, what was received and what to do', () => {
    const cause = new Error('below');
    const error = new SluiceError('SLUICE_LINK_FORMAT', 'the formats differ', {
      expected: '16000 Hz',
      received: 48_000,
      fix: 'Put resample() between them',
      nodeId: 'mic',
      timestamp: 12,
      cause,
    });
    expect(error.message).toBe(
      'mic: the formats differ; expected 16000 Hz; received 48000. Put resample() between them',
    );
    expect(error).toMatchObject({
      name: 'SluiceError',
      nodeId: 'mic',
      timestamp: 12,
      cause,
      docs: 'docs/errors.md#sluice_link_format',
    });
    expect(error).toBeInstanceOf(Error);
  });
  it('leaves out what is not known', () => {
    const error = new SluiceError('SLUICE_ABORTED', 'stopped');
    expect(error.message).toBe('stopped');
    expect([error.nodeId, error.timestamp]).toEqual([undefined, undefined]);
    expect('cause' in error).toBe(false);
  });
  it('is known across copies of the package', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('sluice.error')]: true });
    expect(isSluiceError(new SluiceError('SLUICE_ABORTED', 'x'))).toBe(true);
    expect(isSluiceError(foreign)).toBe(true);
    for (const other of [new Error('x'), null, undefined, 'SLUICE_ABORTED', {}])
      expect(isSluiceError(other)).toBe(false);
  });
});

describe('argument errors', () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  it.each<[unknown, string]>([
    ['text', 'received "text"'],
    ['x'.repeat(100), 'x…"'],
    [undefined, 'received undefined'],
    [null, 'received null'],
    [12n, 'received 12n'],
    [() => 1, 'received a function'],
    [new Float32Array(4), 'received Float32Array(16 bytes)'],
    [{ a: 1 }, 'received {"a":1}'],
    [{ toJSON: () => undefined }, 'received [object Object]'],
    [circular, 'received [object Object]'],
    [{ long: 'y'.repeat(200) }, 'y…'],
  ])('show %s', (received, text) => {
    expect(invalidArgument('gain', 'a number', received).message).toContain(text);
  });
  it('are of the built-in kinds, with a code', () => {
    expect(invalidArgument('a', 'b', 1)).toBeInstanceOf(TypeError);
    expect(outOfRange('a', '1 to 2', 3)).toBeInstanceOf(RangeError);
    expect(outOfRange('a', '1 to 2', 3)).toMatchObject({
      code: 'SLUICE_OUT_OF_RANGE',
      message: 'a is out of range; expected 1 to 2; received 3',
    });
  });
});

it('has one full stop between what somebody else says and what to do', () => {
  const { message } = new SluiceError('SLUICE_ABORTED', 'Not recognized.', { expected: 'WAV', fix: 'Look at it' });
  expect(message).toBe('Not recognized; expected WAV. Look at it');
  expect(new SluiceError('SLUICE_ABORTED', 'It waits...', { fix: 'Go on' }).message).toBe('It waits.... Go on');
  expect(new SluiceError('SLUICE_ABORTED', 'Stopped.').message).toBe('Stopped.');
});

describe('toError', () => {
  it('keeps errors and wraps the rest', () => {
    const error = new Error('x');
    expect(toError(error)).toBe(error);
    expect(toError('oops').message).toContain('"oops"');
    expect(toError(undefined)).toBeInstanceOf(Error);
  });
});

it('names each code once', () => {
  expect(new Set(coreErrorCodes).size).toBe(coreErrorCodes.length);
  for (const code of coreErrorCodes) expect(code).toMatch(/^SLUICE_[A-Z_]+$/);
});
