import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { UnaskedPictures } from './unasked-pictures.ts';

const HD = 1280 * 720;

function counted(pixels = HD) {
  const clock = new VirtualClock();
  const unasked = new UnaskedPictures(clock);
  const frames = new Map<string, number>();
  /** So many seconds of 30 pictures on each of these tracks, looked at every two. */
  const send = async (seconds: number, ...names: string[]) => {
    for (let second = 0; second < seconds; second += 2) {
      await clock.advance(2_000);
      for (const [mid] of names.entries()) frames.set(String(mid), (frames.get(String(mid)) ?? 0) + 60);
      const tracks = names.map((name, mid) => ({
        mid: String(mid),
        name,
        framesDecoded: frames.get(String(mid))!,
        pixels,
      }));
      if (unasked.tooMany(tracks)) return second + 2;
    }
    return 'never';
  };
  return { unasked, send, begin: () => frames.clear() };
}

test('ten seconds of pictures that nobody asked for are put up with, and a tenth of the time', async () => {
  expect(await counted().send(60, 'camera')).toBe(12);
  expect(await counted().send(60, '')).toBe(12);
  expect(await counted(HD / 10).send(60, 'camera')).toBe('never');
});

test('large ones, and those of many tracks, are found out at the first look', async () => {
  expect(await counted(3840 * 2160).send(60, '')).toBe(2);
  expect(await counted().send(60, ...Array(16).fill(''))).toBe(2);
});

test('small ones cost something too', async () => {
  expect(await counted(0).send(60, ...Array(16).fill(''))).not.toBe('never');
});

test('what was asked for once is not counted, also where it is sound by its name', async () => {
  const { unasked, send } = counted();
  for (const name of ['camera', 'microphone']) unasked.ask(name);
  expect(await send(120, 'camera')).toBe('never');
  expect(await send(60, 'microphone')).toBe(12);
});

test('a new connection counts from its own beginning', async () => {
  const { unasked, send, begin } = counted();
  expect(await send(6, 'camera')).toBe('never');
  unasked.begin();
  begin();
  expect(await send(60, 'camera')).toBe(6);
});

test('a counter that begins anew gives nothing back', async () => {
  const { send, begin } = counted();
  expect(await send(8, 'camera')).toBe('never');
  begin();
  expect(await send(60, 'camera')).toBe(4);
});

test('a second source of the same section hides nothing', async () => {
  const clock = new VirtualClock();
  const unasked = new UnaskedPictures(clock);
  const track = { mid: '0', name: 'camera', pixels: HD };
  let second = 0;
  for (let tooMany = false; !tooMany && second < 60; second += 2) {
    await clock.advance(2_000);
    const framesDecoded = (second + 2) * 30;
    tooMany = unasked.tooMany([
      { ...track, framesDecoded },
      { ...track, framesDecoded: 3 },
    ]);
  }
  expect(second).toBe(12);
});
