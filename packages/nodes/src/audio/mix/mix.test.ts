import { type AudioFrame, detachedContext, pullSource, type Source, withContext } from '@sluice/core';
import { from, NEVER, type Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../../test/operator-checklist.ts';
import { frameAt, frames, joined, speechFormat } from '../../../test/ramp-frames.ts';
import { StallingClock } from '../../../test/stalling-clock.ts';
import { TestContext } from '../../../test/test-context.ts';
import { mix } from './mix.ts';
import { Mixer } from './mixer.ts';

const format = { sampleRate: 16_000, channels: 1 };
const length = (input: number, { sampleRate }: { readonly sampleRate: number }) =>
  Math.round((input * 16_000) / sampleRate);

operatorChecklist('mix by its inputs', {
  make: () => (source) => mix({ inputs: [{ source, capacityMs: 10_000 }], ...format, timing: 'inputs' }),
  produces: () => speechFormat,
  outputLength: length,
  keepsGaps: false,
});
operatorChecklist('mix by the clock', {
  make: () => (source) => mix({ inputs: [{ source, capacityMs: 10_000 }], ...format }),
  produces: () => speechFormat,
  outputLength: length,
  keepsGaps: false,
});

function run(source: Source<AudioFrame> | Observable<AudioFrame>, context = new TestContext()) {
  const state = {
    left: [] as { at: number; frame: AudioFrame }[],
    completed: false,
    error: undefined as unknown,
    context,
  };
  withContext(context, () =>
    source.subscribe({
      next: (frame) => state.left.push({ at: context.clock.now(), frame }),
      error: (error: unknown) => {
        state.error = error;
      },
      complete: () => {
        state.completed = true;
      },
    }),
  );
  return state;
}

/** A source that can be asked, and how far it was. */
function asked(count: number, value: number) {
  const state = { read: 0 };
  const source = pullSource<AudioFrame>({ name: 'asked' }, () => ({
    read: () => (state.read === count ? null : frameAt(state.read++ * 320, 320, () => value)),
  }));
  return { source, state };
}

describe('mix', () => {
  it('sends a block per block of time, and waits for no input', async () => {
    const live = new Subject<AudioFrame>();
    const state = run(mix({ ...format, inputs: { file: asked(5, 100).source, live } }));
    await state.context.clock.advance(100);
    expect(state.left.map(({ at }) => at)).toEqual([20, 40, 60, 80, 100]);
    live.next(frameAt(0, 320, () => 7));
    live.complete();
    await state.context.clock.advance(100);
    expect(state.left).toHaveLength(6);
    expect(state.left[5]!.frame.samples[319]).toBe(7);
    expect(state.completed).toBe(true);
  });

  it('holds sources that can be asked back, each by itself', async () => {
    const file = asked(100_000, 100);
    const state = run(mix({ ...format, inputs: [file.source, NEVER] }));
    await state.context.clock.advance(1_000);
    expect(state.left).toHaveLength(50);
    expect(file.state.read).toBe(60);
  });

  it('renders by its inputs as fast as the receiver takes it', async () => {
    const one = asked(200, 100);
    const two = asked(300, 11);
    const context = new TestContext();
    context.setRoom(false);
    const state = run(mix({ ...format, timing: 'inputs', inputs: [one.source, two.source] }), context);
    expect(state.left).toHaveLength(0);
    context.setRoom(true);
    await context.clock.advance(0);
    expect(state.completed).toBe(true);
    const mixed = joined(state.left.map(({ frame }) => frame));
    expect(mixed.length).toBe(300 * 320);
    expect(mixed[100]).toBe(111);
    expect(mixed.at(-1)).toBe(11);
  });

  it('catches up after a short stall of the process and begins anew after a long one', () => {
    const clock = new StallingClock();
    let blocks = 0;
    const source = new Subject<AudioFrame>();
    withContext(detachedContext(clock), () => mix({ ...format, inputs: [source] }).subscribe(() => blocks++));
    const blocksAfter = (ms: number) => {
      const before = blocks;
      clock.jump(ms);
      return blocks - before;
    };
    source.next(frameAt(0, 320));
    expect(blocksAfter(20)).toBe(1);
    expect(blocksAfter(150)).toBe(7);
    expect(blocksAfter(10)).toBe(1);
    expect(blocksAfter(500)).toBe(1);
    expect(blocksAfter(20)).toBe(1);
  });

  it('fails with the error of an input, or goes on without it when somebody looks', async () => {
    const failing = throwError(() => new Error('gone'));
    const state = run(mix({ ...format, inputs: [failing, from(frames(2))] }));
    expect(state.error).toMatchObject({ message: 'gone' });
    const errors: unknown[] = [];
    const other = run(
      mix({
        ...format,
        inputs: { bad: failing, good: from(frames(2)) },
        onInputError: (id, error) => errors.push([id, error]),
      }),
    );
    await other.context.clock.advance(100);
    expect(errors).toMatchObject([['bad', { message: 'gone' }]]);
    expect(other.left).toHaveLength(2);
    expect(other.completed).toBe(true);
  });

  it('takes set-gain messages', async () => {
    const state = run(mix({ ...format, inputs: { music: asked(10, 10_000).source } }));
    expect(state.context.send({ type: 'set-gain', input: 'music', db: -20, rampMs: 0 })).toBe(true);
    expect(state.context.send({ type: 'other' })).toBe(false);
    await state.context.clock.advance(20);
    expect(state.left[0]!.frame.samples[319]).toBe(1_000);
  });

  it('refuses what is no input', () => {
    expect(() => mix({ inputs: undefined as never })).toThrow(TypeError);
    expect(() => mix({ inputs: [4 as never] })).toThrow(/mix.inputs.0/);
    expect(() => mix({ inputs: [of()], sampleRate: 10 })).toThrow(RangeError);
  });
});

describe('Mixer', () => {
  it('takes inputs that come and go while it runs', async () => {
    const mixer = new Mixer(format);
    const state = run(mixer.output);
    const endless = asked(Number.POSITIVE_INFINITY, 1_000);
    const music = mixer.add(endless.source, { id: 'music' });
    await state.context.clock.advance(100);
    mixer.add(asked(5, 100).source);
    await state.context.clock.advance(200);
    music.remove();
    await state.context.clock.advance(100);
    const mixed = joined(state.left.map(({ frame }) => frame));
    expect(mixed[3 * 320]).toBe(1_000);
    expect(mixed[7 * 320]).toBe(1_100);
    expect(mixed[12 * 320]).toBe(1_000);
    expect(mixed.at(-1)).toBe(0);
    expect(state.completed).toBe(false);
    expect(endless.state.read).toBeLessThan(40);
    mixer.end();
    expect(state.completed).toBe(true);
    expect(state.context.clock.timers).toBe(0);
  });

  it('serves one subscription', () => {
    const mixer = new Mixer(format);
    run(mixer.output);
    expect(run(mixer.output).error).toMatchObject({ code: 'SLUICE_SUBSCRIBED_TWICE' });
    expect(() => mixer.add(undefined as never)).toThrow(TypeError);
  });
});
