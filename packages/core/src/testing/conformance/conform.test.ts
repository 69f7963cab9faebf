import { filter, ignoreElements, map, type OperatorFunction } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../../media/audio-frame.ts';
import { defineNode } from '../../node/define-node.ts';
import { audioPort } from '../../node/port.ts';
import { createOperator } from '../../operators/operator.ts';
import { blockEventLoop } from '../faults.ts';
import { type ConformOptions, checklist, conform, conformanceChecks } from './conform.ts';

type Operator = OperatorFunction<AudioFrame, AudioFrame>;
type Change = (frame: AudioFrame) => AudioFrame | undefined;

/** An operator that lets one thing go wrong. */
const changed = (change: Change) => (): Operator =>
  createOperator<AudioFrame, AudioFrame>({ name: 'changed' }, (destination) => ({
    next(frame) {
      const out = change(frame);
      if (out !== undefined) destination.next(out);
    },
  }));
const good = changed((frame) => frame);
/** A new frame in place of the old one, which is closed. */
const remade = (init: (frame: AudioFrame) => Partial<ConstructorParameters<typeof AudioFrame>[0]>) =>
  changed((frame) => {
    const { samples, sampleRate, channels, timestamp, gap, utterance } = frame;
    const made = new AudioFrame({ samples, sampleRate, channels, timestamp, gap, utterance, ...init(frame) });
    made.epoch = frame.epoch;
    frame.close();
    return made;
  });

const audio: ConformOptions<'audio'> = { kind: 'audio', profile: { interruptible: false } };
const failures = async (make: () => Operator, options = audio) =>
  (await conform(make, options)).checks.filter(({ message }) => message !== undefined).map(({ name }) => name);

/** What breaks which check. */
const broken: readonly (readonly [check: string, make: () => Operator])[] = [
  ['derives timestamps from sample indexes, without a hole or an overlap', remade(() => ({ timestamp: 0 as never }))],
  ['keeps a gap, on the sample it stands before', remade(() => ({ gap: undefined }))],
  ['keeps the utterance of what it was given', remade(() => ({ utterance: undefined }))],
  [
    'keeps the epoch of what it was given',
    changed((frame) => {
      frame.epoch = 0;
      return frame;
    }),
  ],
  [
    'does not change the samples of the frames it was given',
    changed((frame) => {
      frame.samples.fill(1);
      return frame;
    }),
  ],
  [
    'does not block the event loop',
    changed((frame) => {
      blockEventLoop(30);
      return frame;
    }),
  ],
  [
    'serves several subscriptions, each with a state of its own',
    () => {
      let left = 5;
      return changed((frame) => {
        if (left-- > 0) return frame;
        frame.close();
        return undefined;
      })();
    },
  ],
  ['unsubscribes its source when it is unsubscribed, and closes what it keeps', changed(() => undefined)],
];

describe('conform', () => {
  it('passes an operator that is as it should be, and says what does not apply', async () => {
    const { passed, checks } = await conform(good, audio);
    expect(checks.filter((check) => !check.passed && check.skipped === undefined)).toEqual([]);
    expect(passed).toBe(true);
    expect(checks.find(({ name }) => name.startsWith('drops what it keeps'))).toMatchObject({
      passed: false,
      skipped: expect.any(String),
    });
  });

  it.each(broken)('finds what breaks: %s', async (name, make) => {
    const result = await conform(make, audio);
    expect(result.passed).toBe(false);
    expect(result.checks.find((check) => check.name === name)).toMatchObject({
      passed: false,
      message: expect.any(String),
    });
  });

  it('finds operators that swallow everything, or fail', async () => {
    expect(await failures(() => ignoreElements())).not.toEqual([]);
    expect(
      await failures(() =>
        map(() => {
          throw new Error('broken');
        }),
      ),
    ).not.toEqual([]);
    expect(await failures(() => filter(() => false))).not.toEqual([]);
  });

  it('shows declared exceptions as skipped, and refuses those of no check', async () => {
    const blocking = changed((frame) => {
      blockEventLoop(30);
      return frame;
    });
    const except = { 'does not block the event loop': 'draws on the CPU; use inWorker' };
    const { passed, checks } = await conform(blocking, { ...audio, except });
    expect(passed).toBe(true);
    expect(checks.find(({ skipped }) => skipped === 'draws on the CPU; use inWorker')?.name).toBe(
      'does not block the event loop',
    );
    expect(() => conformanceChecks({ ...audio, except: { nothing: 'x' } })).toThrow(/names of checks/);
    expect(() => conformanceChecks({ kind: 'smell' as never })).toThrow(/audio, video or node/);
    expect(() => conformanceChecks({ ...audio, seeds: 1 } as never)).toThrow(/did you mean seed\?/);
  });

  it('tries nodes, and finds one that leaks and one that emits after its end', async () => {
    const node = (keep: boolean) =>
      defineNode({
        name: 'through',
        inputs: { in: audioPort() },
        outputs: { out: audioPort() },
        create: (_options: object, context) => ({
          onFrame(_port, frame) {
            if (!keep) context.emit('out', frame);
          },
        }),
      })();
    const fine = await conform(() => node(false), { kind: 'node' });
    expect(fine.checks.filter(({ message }) => message !== undefined)).toEqual([]);
    expect((await conform(() => node(true), { kind: 'node' })).passed).toBe(false);
  });
});

describe('checklist', () => {
  it('hands each check to a runner, and what does not apply to its skip', async () => {
    const ran: string[] = [];
    const skipped: string[] = [];
    const bodies: (() => Promise<void>)[] = [];
    const test = Object.assign(
      (name: string, body: () => Promise<void>) => {
        ran.push(name);
        bodies.push(body);
      },
      { skip: (name: string) => void skipped.push(name) },
    );
    checklist(test, good, audio);
    expect(ran.length + skipped.length).toBe(conformanceChecks(audio).length);
    expect(skipped.every((name) => name.includes('('))).toBe(true);
    for (const body of bodies) await body();
  });
});
