import { EMPTY, map, Observable, type OperatorFunction } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../media/audio-frame.ts';
import { actorContext, withContext } from '../operators/actor-context.ts';
import { NODE } from '../operators/node-spec.ts';
import { createOperator } from '../operators/operator.ts';
import { micros } from '../time/units.ts';
import { ActorDouble } from './actor-double.ts';
import { harness } from './harness.ts';
import { probeSink } from './probe-sink.ts';
import { probeSource } from './probe-source.ts';
import { trackFrames } from './track-frames.ts';

const frame = (value = 0) =>
  new AudioFrame({ samples: Int16Array.of(value), sampleRate: 48_000, channels: 1, timestamp: micros(0) });

/** Keeps one frame for 10 ms. */
const later = (): OperatorFunction<AudioFrame, AudioFrame> =>
  createOperator({ name: 'later' }, (destination, context) => ({
    next: (input: AudioFrame) => {
      const release = context.hold();
      context.clock.at(context.clock.now() + 10, () => {
        release();
        destination.next(input);
      });
    },
  }));

describe('harness', () => {
  it('runs an operator in virtual time and records what came out when', async () => {
    const h = harness(later());
    h.pushSamples(Int16Array.of(1, 2));
    await h.advance(4);
    h.pushSamples(Int16Array.of(3));
    expect([h.actor.held, h.outputs.length, h.frames.open]).toEqual([2, 0, 2]);
    await h.advance(20);
    expect(h.outputs.map(({ at }) => at)).toEqual([10, 14]);
    expect(h.values[1]!.timestamp).toBe(42);
    expect([...h.samples()]).toEqual([1, 2, 3]);
    expect([h.actor.held, h.actor.highestHeld]).toEqual([0, 2]);
    h.complete();
    expect(h.status).toBe('completed');
    h.close();
  });

  it('tells room, epoch, control, abort and reports', async () => {
    const log: unknown[] = [];
    const h = harness(
      (source: Observable<AudioFrame>) => {
        const context = actorContext();
        const off = context.onControl((message) => message.type === 'mine' && log.push(message) > 0);
        const offInterrupt = context.onInterrupt((interruption) => {
          interruption.dropped(7000);
          interruption.heard(3000);
          interruption.wait(Promise.resolve());
          log.push(interruption.epoch, interruption.fadeMs);
        });
        context.whenRoom(() => log.push('room'));
        context.report(new Error('small'));
        const done = context.keepAlive('playing');
        context.signal.addEventListener('abort', () => log.push('aborted'));
        return new Observable<AudioFrame>((destination) => {
          destination.add(off);
          destination.add(offInterrupt);
          destination.add(done);
          return source.subscribe(destination);
        });
      },
      { room: false },
    );
    expect(h.actor.control({ type: 'mine' })).toBe(true);
    expect(h.actor.control({ type: 'other' })).toBe(false);
    expect(h.actor.alive).toEqual(['playing']);
    h.actor.setRoom(true);
    h.actor.setRoom(true);
    const outcome = h.actor.interrupt({ fadeMs: 2 });
    await outcome.settled;
    expect(outcome).toMatchObject({ epoch: 1, dropped: 7000, heard: 3000 });
    h.pushSamples(Int16Array.of(1));
    expect(h.values[0]!.epoch).toBe(1);
    h.actor.abort();
    expect(log).toEqual([{ type: 'mine' }, 'room', 1, 2, 'aborted']);
    expect(h.actor.reports).toHaveLength(1);
    h.close();
  });

  it('gives one whenRoom callback at a time while there is room', () => {
    const actor = new ActorDouble({ room: false });
    const log: string[] = [];
    actor.whenRoom(() => {
      log.push('first');
      actor.setRoom(false);
    });
    actor.whenRoom(() => log.push('second'));
    const cancel = actor.whenRoom(() => log.push('cancelled'));
    cancel();
    actor.setRoom(true);
    expect(log).toEqual(['first']);
    actor.setRoom(true);
    expect(log).toEqual(['first', 'second']);
  });

  it('finds a frame that was lost, a hold that was kept, a timer that was left', () => {
    const losing = harness(map((input: AudioFrame) => input.copy()));
    losing.push(frame());
    expect(() => losing.close()).toThrow(/1 of 2 frames were not closed(.|\n)*harness\.test/);

    const holding = harness(
      createOperator<AudioFrame, AudioFrame>({ name: 'x' }, (_, context) => ({
        next: (input) => {
          context.hold();
          input.close();
        },
      })),
    );
    holding.push(frame());
    expect(() => holding.close()).toThrow('1 frame(s) held');

    const timing = harness(later());
    timing.push(frame());
    timing.values.length;
    expect(() => timing.close()).toThrow(/not closed/);
    expect(() => timing.actor.assertIdle()).toThrow(/1 frame\(s\) held; 1 timer\(s\)/);
  });

  it('finds a hold that is released twice', () => {
    const actor = new ActorDouble();
    const release = actor.hold();
    release();
    expect(release).toThrow('more often');
  });

  it('shows failure, unsubscription and an input nobody listens to', () => {
    const failing = harness(later());
    failing.fail(new Error('source'));
    expect([failing.status, (failing.error as Error).message]).toEqual(['failed', 'source']);
    failing.push(frame());
    failing.close();
    const left = harness(later());
    expect(left.subscribed).toBe(true);
    left.unsubscribe();
    expect(left.subscribed).toBe(false);
    left.close();
    const deaf = harness<AudioFrame, AudioFrame>(() => EMPTY);
    deaf.push(frame());
    expect(deaf.status).toBe('completed');
    deaf.close();
  });
});

describe('trackFrames', () => {
  it('counts, names and lets go', () => {
    const outer = trackFrames();
    const before = frame();
    const inner = trackFrames({ stacks: true });
    const leaked = frame();
    frame().close();
    expect([inner.opened, inner.open, inner.highest]).toEqual([2, 1, 2]);
    expect(inner.list()[0]).toMatchObject({ frame: leaked });
    expect(inner.list()[0]!.madeAt).toContain('harness.test.ts');
    inner.stop();
    leaked.close();
    before.close();
    outer.assertNone();
    expect(outer.opened).toBe(1);
    outer.stop();
    frame();
    expect(outer.opened).toBe(1);
    expect(() => inner.assertNone()).toThrow(/1 of 2 frames were not closed/);
  });
});

describe('probes', () => {
  it('push by hand, arrive with their time, and hold back until they are taken', async () => {
    const actor = new ActorDouble();
    using tracker = trackFrames();
    const probe = probeSource<AudioFrame>();
    const out = probeSink<AudioFrame>({ manual: true });
    probe.push(frame());
    expect([probe.subscribed, out.status]).toEqual([false, 'idle']);
    out.sink[NODE].attach(actor);
    withContext(actor, () => probe.source.subscribe(out.sink));
    expect([probe.subscribed, probe.subscriptions, probe.hasRoom]).toEqual([true, 1, true]);
    actor.setRoom(false);
    expect([probe.hasRoom, probe.context?.name]).toEqual([false, 'double']);
    await actor.clock.advance(5);
    probe.push(frame(1), frame(2));
    expect(out.arrivals).toMatchObject([{ at: 5 }, { at: 5 }]);
    expect(actor.held).toBe(2);
    expect([out.take(), actor.held, out.take(), out.take(), actor.held]).toEqual([true, 1, true, false, 0]);
    probe.complete();
    expect(await out.sink.finished).toBe(2);
    expect([out.status, probe.subscribed]).toEqual(['completed', false]);
    out.closeFrames();
    tracker.assertNone();
  });

  it('fail, letting go of what is held', async () => {
    const actor = new ActorDouble();
    const probe = probeSource<AudioFrame>();
    const out = probeSink<AudioFrame>({ manual: true });
    out.sink[NODE].attach(actor);
    withContext(actor, () => probe.source.subscribe(out.sink));
    probe.push(frame());
    probe.fail(new Error('lost'));
    await expect(out.sink.finished).rejects.toThrow('lost');
    expect([out.status, out.error?.message, actor.held]).toEqual(['failed', 'lost', 0]);
    out.closeFrames();
  });
});
