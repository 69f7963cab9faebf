import { filter, ignoreElements, map, type OperatorFunction } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { burnCpu } from '../../../test/burn-cpu.ts';
import { AudioFrame } from '../../media/audio-frame.ts';
import { defineNode } from '../../node/define-node.ts';
import { audioPort } from '../../node/port.ts';
import { createOperator, type OperatorHandlers } from '../../operators/operator.ts';
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
/** An operator that is written out. */
const described =
  (
    create: (
      ...args: Parameters<Parameters<typeof createOperator<AudioFrame, AudioFrame>>[1]>
    ) => OperatorHandlers<AudioFrame>,
  ) =>
  (): Operator =>
    createOperator<AudioFrame, AudioFrame>({ name: 'described' }, create);
const good = changed((frame) => frame);
/** Computes for 8 ms where frames come one by one: what else feeds it does not have to wait as well. */
const slow = described((destination, { clock }) => {
  let last = 0;
  return {
    next: (frame) => {
      if (clock.now() - last >= 100) burnCpu(8);
      last = clock.now();
      destination.next(frame);
    },
  };
});
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
  ['does not block the event loop', slow],
  [
    'serves several subscriptions, each with a state of its own',
    () => {
      let subscriptions = 0;
      return described((destination) => {
        const first = subscriptions++ === 0;
        return { next: (frame) => (first ? destination.next(frame) : frame.close()) };
      })();
    },
  ],
  ['unsubscribes its source when it is unsubscribed, and closes what it keeps', changed(() => undefined)],
  [
    'completes within the deadline',
    described((destination, { clock }) => ({
      next: (frame) => destination.next(frame),
      complete: () => void clock.at(clock.now() + 20_000, () => destination.complete()),
    })),
  ],
  [
    'takes a burst',
    described((destination, { clock }) => {
      const times: number[] = [];
      return {
        next: (frame) => {
          destination.next(frame);
          times.push(clock.now());
          if (times.length > 40 && times.at(-41) === clock.now()) throw new Error('too many at a time');
        },
      };
    }),
  ],
  [
    'goes on after a pause of its source',
    described((destination, { clock }) => {
      let last = clock.now();
      return {
        next: (frame) => {
          const late = clock.now() - last > 5_000;
          if (late) return frame.close();
          last = clock.now();
          destination.next(frame);
        },
      };
    }),
  ],
  [
    'keeps no more the longer it runs',
    described((destination) => {
      const kept: AudioFrame[] = [];
      return {
        next: (frame) => {
          kept.push(frame.clone());
          destination.next(frame);
        },
        teardown: () => {
          for (const frame of kept) frame.close();
        },
      };
    }),
  ],
  [
    'goes on after interruptions in a row',
    described((destination, { clock, onInterrupt }) => {
      let last = -1;
      let stuck = false;
      const cancel = onInterrupt(() => {
        stuck ||= last === clock.now();
        last = clock.now();
      });
      return { next: (frame) => (stuck ? frame.close() : destination.next(frame)), teardown: cancel };
    }),
  ],
  [
    'goes on after an interruption before its first frame',
    described((destination, { onInterrupt }) => {
      let spoke = false;
      let dead = false;
      const cancel = onInterrupt(() => {
        dead ||= !spoke;
      });
      return {
        next: (frame) => {
          spoke = true;
          if (dead) frame.close();
          else destination.next(frame);
        },
        teardown: cancel,
      };
    }),
  ],
  [
    'can be unsubscribed in the middle of a callback, and twice',
    described((destination) => {
      let last: AudioFrame | undefined;
      return {
        next: (frame) => {
          last?.close();
          destination.next(frame.clone());
          last = frame;
        },
        teardown: () => last?.close(),
      };
    }),
  ],
  [
    'takes no control message that is none of its own',
    described((destination, { onControl }) => {
      const cancel = onControl(() => true);
      return { next: (frame) => destination.next(frame), teardown: cancel };
    }),
  ],
  [
    'takes its time from the clock, and hands what is no timer to clock.track',
    described((destination) => {
      const timers = new Set<NodeJS.Timeout>();
      const kept = new Set<AudioFrame>();
      return {
        next: (frame) => {
          kept.add(frame);
          timers.add(
            setTimeout(() => {
              kept.delete(frame);
              destination.next(frame);
            }, 1),
          );
        },
        teardown: () => {
          for (const timer of timers) clearTimeout(timer);
          for (const frame of kept) frame.close();
        },
      };
    }),
  ],
  [
    'takes frames of odd sizes, and loses no sample',
    changed((frame) => {
      if (frame.length % 2 === 0) return frame;
      frame.close();
      return undefined;
    }),
  ],
  [
    'takes silence',
    changed((frame) => {
      if (frame.samples.every((sample) => sample === 0)) throw new Error('no level');
      return frame;
    }),
  ],
];

/** What they break beside, and why it cannot be otherwise. */
const asWell: Readonly<Record<string, RegExp>> = {
  // Whose epoch is lost is not dropped, and what is not dropped is heard: one promise seen from two sides.
  'keeps the epoch of what it was given': /^drops what it keeps/,
  // It passes nothing on, so nothing of any check arrives.
  'unsubscribes its source when it is unsubscribed, and closes what it keeps': /./,
  // Whoever takes one frame unsubscribes in the middle of a callback as well.
  'can be unsubscribed in the middle of a callback, and twice': /^stops a source that emits/,
  // Nothing leaves while the virtual clock runs: for all other checks it swallows what it is given.
  'takes its time from the clock, and hands what is no timer to clock.track': /./,
};

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
    const { passed, checks } = await conform(make, audio);
    expect(passed).toBe(false);
    const failed = checks.filter(({ message }) => message !== undefined).map((one) => one.name);
    expect(failed).toContain(name);
    expect(failed.filter((one) => one !== name && asWell[name]?.test(one) !== true)).toEqual([]);
  });

  it('finds who catches what a callback throws', async () => {
    const throwing = (error: Error) => (caught: boolean) =>
      map((frame: AudioFrame) => {
        try {
          throw error;
        } catch (reason) {
          frame.close();
          if (!caught) throw reason;
          return frame;
        }
      });
    const name = 'passes what a callback throws to its stream';
    const tried = async (caught: boolean) => {
      const profile = { interruptible: false, throwing: (error: Error) => throwing(error)(caught) };
      return (await conform(good, { kind: 'audio', profile })).checks.find((one) => one.name === name);
    };
    expect(await tried(true)).toMatchObject({ passed: false, message: expect.stringContaining('came to nobody') });
    expect(await tried(false)).toEqual({ name, passed: true });
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
    const except = { 'does not block the event loop': 'draws on the CPU; use inWorker' };
    const { passed, checks } = await conform(slow, { ...audio, except });
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
