import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MOST_BETWEEN, SharedStream } from './shared-stream.ts';

const PIECE = 2 ** 18;
const PIECES = 80;

/** 20 MiB, each piece of its own number, and how many were taken. */
function long(): { readonly stream: Readable; readonly taken: () => number } {
  let piece = 0;
  const stream = new Readable({
    read() {
      this.push(piece < PIECES ? Buffer.alloc(PIECE, piece++) : null);
    },
  });
  return { stream, taken: () => piece };
}

const whole = Buffer.concat(Array.from({ length: PIECES }, (_, piece) => Buffer.alloc(PIECE, piece)));

describe('SharedStream', () => {
  it('gives both all of it, and lets neither be further ahead than its bound', async () => {
    const { stream, taken } = long();
    const shared = new SharedStream(stream);
    const pictures = shared.open('pictures');
    const sound = buffer(shared.open('sound'));
    await expect.poll(taken).toBeGreaterThan(MOST_BETWEEN / PIECE - 2);
    await sleep(50);
    expect(taken()).toBeLessThan(MOST_BETWEEN / PIECE + 3);
    expect((await buffer(pictures)).equals(whole)).toBe(true);
    expect((await sound).equals(whole)).toBe(true);
  });

  it('goes on with one when the other has left, and destroys the stream behind the last', async () => {
    const { stream, taken } = long();
    const shared = new SharedStream(stream);
    const pictures = shared.open('pictures');
    const sound = shared.open('sound');
    await expect.poll(taken).toBeGreaterThan(1);
    pictures.destroy();
    expect((await buffer(sound)).equals(whole)).toBe(true);
    const quiet = new PassThrough();
    new SharedStream(quiet).open('sound').destroy();
    await expect.poll(() => quiet.destroyed).toBe(true);
  });

  it('keeps the beginning for the second, also behind the end', async () => {
    const shared = new SharedStream(Readable.from([Buffer.from('one '), Buffer.from('two')]));
    expect(`${await buffer(shared.open('sound'))}`).toBe('one two');
    await sleep(10);
    expect(`${await buffer(shared.open('pictures'))}`).toBe('one two');
  });

  it('says that the second came too late, and that a stream is read once', async () => {
    const { stream } = long();
    const shared = new SharedStream(stream);
    expect((await buffer(shared.open('sound'))).length).toBe(PIECES * PIECE);
    expect(() => shared.open('pictures')).toThrow(/pictures of the stream come too late/);
    expect(() => shared.open('sound')).toThrow(/read once/);
    const waiting = new PassThrough();
    new SharedStream(waiting).open('sound');
    expect(() => new SharedStream(waiting).open('sound')).toThrow(/read once/);
    waiting.destroy();
  });

  it.each([new Error('cable'), undefined])('breaks off where the stream does: %s', async (fault) => {
    const stream = new PassThrough();
    stream.write('begun');
    const shared = new SharedStream(stream);
    const readers = [shared.open('sound'), shared.open('pictures')];
    setTimeout(() => stream.destroy(fault), 20);
    for (const reader of readers)
      await expect(buffer(reader)).rejects.toThrow(fault === undefined ? /premature/i : 'cable');
  });

  it('tells one who comes behind that of why it broke off', async () => {
    const stream = new PassThrough();
    const shared = new SharedStream(stream);
    const sound = buffer(shared.open('sound'));
    stream.destroy(new Error('cable'));
    await expect(sound).rejects.toThrow('cable');
    expect(() => shared.open('pictures')).toThrow(/broke off/);
  });
});
