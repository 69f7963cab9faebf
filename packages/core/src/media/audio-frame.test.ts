import { afterEach, describe, expect, it } from 'vitest';
import { micros } from '../time/units.ts';
import { AudioFrame, audioFrame } from './audio-frame.ts';
import { frameObserver } from './frame-observer.ts';

const init = { samples: Int16Array.of(1, 2, 3, 4), sampleRate: 48_000, channels: 2, timestamp: micros(5) };

describe('AudioFrame', () => {
  afterEach(() => {
    frameObserver.current = undefined;
  });

  it('derives length and duration', () => {
    const frame = new AudioFrame({ ...init, samples: new Int16Array(1920) });
    expect([frame.kind, frame.length, frame.duration, frame.epoch, frame.gap]).toEqual([
      'audio',
      960,
      20_000,
      0,
      undefined,
    ]);
    expect(new AudioFrame({ ...init, samples: new Int16Array(0) }).duration).toBe(0);
  });

  it('gives its samples back once', () => {
    const given: Int16Array[] = [];
    const frame = new AudioFrame({ ...init, release: (samples) => given.push(samples) });
    frame.close();
    frame.close();
    frame[Symbol.dispose]();
    expect(frame.closed).toBe(true);
    expect(given).toEqual([init.samples]);
    expect(given[0]).toBe(init.samples);
  });

  it('tells the observer of opening and closing, once each', () => {
    const log: string[] = [];
    frameObserver.current = { opened: () => log.push('opened'), closed: () => log.push('closed') };
    const frame = new AudioFrame(init);
    frame.close();
    frame.close();
    expect(log).toEqual(['opened', 'closed']);
  });

  it('derives with epoch and gap, which can be replaced or removed', () => {
    const gap = { duration: micros(10), reason: 'overflow' } as const;
    const frame = new AudioFrame({ ...init, epoch: 3, gap });
    expect(frame.derive({ timestamp: micros(9) })).toMatchObject({ epoch: 3, gap, timestamp: 9, channels: 2 });
    expect(frame.derive({ gap: undefined, epoch: 4 })).toMatchObject({ epoch: 4, gap: undefined });
    expect(frame.closed).toBe(false);
  });

  it('shares its samples: pooled memory goes back when all are closed', () => {
    let given = 0;
    const frame = new AudioFrame({ ...init, epoch: 4, release: () => given++ });
    const second = frame.clone();
    const third = second.clone();
    expect(third).toMatchObject({ epoch: 4, samples: init.samples });
    frame.close();
    frame.close();
    third.close();
    expect(given).toBe(0);
    second.close();
    expect(given).toBe(1);
    expect(() => frame.clone()).toThrow(expect.objectContaining({ code: 'SLUICE_FRAME_CLOSED' }));
  });

  it('moves its samples: closed here, given back by the one who gets them', () => {
    let given = 0;
    const frame = new AudioFrame({ ...init, epoch: 1, release: () => given++ });
    const shared = frame.clone();
    const moved = frame.move({ timestamp: micros(70), epoch: 2 });
    expect([frame.closed, moved.timestamp, moved.epoch, moved.samples]).toEqual([true, 70, 2, init.samples]);
    frame.close();
    shared.close();
    expect(given).toBe(0);
    moved.close();
    expect(given).toBe(1);
    expect(() => frame.move({})).toThrow(expect.objectContaining({ code: 'SLUICE_FRAME_CLOSED' }));
  });

  it('knows whether its samples are its own', () => {
    const frame = new AudioFrame(init);
    expect([frame.exclusive, frame.copy().exclusive, frame.exclusive]).toEqual([true, true, true]);
    const shared = frame.clone();
    expect([frame.exclusive, shared.exclusive]).toEqual([false, false]);
    expect(shared.derive({ samples: new Int16Array(4) }).exclusive).toBe(true);
  });

  it('counts shared and moved frames as frames', () => {
    const open = new Set<unknown>();
    frameObserver.current = { opened: (frame) => open.add(frame), closed: (frame) => open.delete(frame) };
    const frame = new AudioFrame(init);
    const [shared, moved] = [frame.clone(), frame.move({})];
    expect([...open]).toEqual([shared, moved]);
    shared.close();
    moved.close();
    expect(open.size).toBe(0);
  });

  it('copies with samples of its own', () => {
    const frame = new AudioFrame({ ...init, samples: Int16Array.of(1, 2), epoch: 2 });
    const copy = frame.copy();
    frame.samples[0] = 99;
    expect([...copy.samples, copy.epoch]).toEqual([1, 2, 2]);
    frame.close();
    expect(copy.closed).toBe(false);
    expect(() => frame.copy()).toThrow(expect.objectContaining({ code: 'SLUICE_FRAME_CLOSED' }));
  });
});

describe('audioFrame', () => {
  it('takes what is right', () => {
    expect(audioFrame(init)).toMatchObject(init);
  });
  it.each<[string, object, string]>([
    ['samples of another kind', { samples: new Float32Array(4) }, 'SLUICE_INVALID_ARGUMENT'],
    ['half a sample', { samples: new Int16Array(3) }, 'SLUICE_FRAME_SHAPE'],
    ['no rate', { sampleRate: undefined }, 'SLUICE_INVALID_ARGUMENT'],
    ['a rate with a fraction', { sampleRate: 44_100.5 }, 'SLUICE_INVALID_ARGUMENT'],
    ['a rate too low', { sampleRate: 999 }, 'SLUICE_OUT_OF_RANGE'],
    ['a rate too high', { sampleRate: 768_001 }, 'SLUICE_OUT_OF_RANGE'],
    ['zero channels', { channels: 0 }, 'SLUICE_OUT_OF_RANGE'],
    ['too many channels', { channels: 65, samples: new Int16Array(65) }, 'SLUICE_OUT_OF_RANGE'],
    ['no time', { timestamp: Number.NaN }, 'SLUICE_INVALID_ARGUMENT'],
  ])('refuses %s', (_, wrong, code) => {
    expect(() => audioFrame({ ...init, ...wrong })).toThrow(expect.objectContaining({ code }));
  });
});
