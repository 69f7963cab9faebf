import { findGaps, measureTone, testTone, VirtualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { virtualMediaHost } from '../../testing/virtual-media-host.ts';
import { VirtualMicrophoneDevice } from './virtual-microphone.ts';

function setup(options: Partial<ConstructorParameters<typeof VirtualMicrophoneDevice>[0]> = {}) {
  const clock = new VirtualClock();
  const host = virtualMediaHost(clock);
  const microphone = new VirtualMicrophoneDevice({
    name: 'mic',
    sampleRate: 16_000,
    channels: 1,
    nonBlocking: false,
    autoSilence: true,
    cushionMs: 60,
    capacityMs: 200,
    clock,
    host,
    ...options,
  });
  const use = microphone.input.use();
  use.set('alone');
  const heard = () => host.sent.at(-1)!.samples;
  return { clock, host, microphone, use, heard };
}

const tone = (durationMs: number, sampleRate = 16_000) => testTone({ sampleRate, frequency: 440, durationMs });
const bytes = (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

describe('VirtualMicrophoneDevice', () => {
  it('paces a writer that only writes, 200 ms ahead at most, without a gap', async () => {
    const { clock, microphone, heard } = setup();
    const all = tone(3_000);
    let ahead = 0;
    const writer = (async () => {
      for (let start = 0; start < all.length; start += 320) {
        expect(await microphone.writeFrames(bytes(all.subarray(start, start + 320)))).toBe(320);
        ahead = Math.max(ahead, microphone.queuedDuration);
      }
      return clock.now();
    })();
    await clock.advance(4_000);
    expect(await writer).toBeGreaterThan(2_700);
    expect(ahead).toBeGreaterThan(180);
    expect(ahead).toBeLessThanOrEqual(200);
    const start = heard().findIndex((sample) => sample !== 0) - 1;
    expect(heard().subarray(start, start + all.length)).toEqual(all);
    expect(microphone.counters).toMatchObject({ played: all.length, dropped: 0, underruns: 0 });
  });

  it('sounds continuous when the writer sleeps 20 ms after each write, also a little too long', async () => {
    for (const sleep of [20, 21.3]) {
      const { clock, microphone, heard } = setup();
      const all = tone(5_000);
      const write = (start: number) => {
        void microphone.writeFrames(all.slice(start, start + 320));
        if (start + 320 < all.length) clock.at(clock.now() + sleep, () => write(start + 320));
      };
      write(0);
      await clock.advance(6_000);
      const start = heard().findIndex((sample) => sample !== 0) - 1;
      const played = heard().subarray(start, start + all.length);
      expect(findGaps(played, { sampleRate: 16_000 }).gaps).toEqual([]);
      expect(measureTone(played, 16_000, 440).snr).toBeGreaterThan(60);
      expect(microphone.counters.underruns).toBe(0);
    }
  });

  it('takes one write of seconds and resolves near its end', async () => {
    const { clock, microphone } = setup();
    let taken: number | undefined;
    void microphone.writeFrames(tone(2_000)).then((frames) => {
      taken = frames;
    });
    await clock.advance(1_500);
    expect(taken).toBeUndefined();
    await clock.advance(400);
    expect(taken).toBe(32_000);
  });

  it('returns at once when non-blocking, and completes once when the last sample was played', async () => {
    const { clock, microphone } = setup({ nonBlocking: true });
    const completions: number[] = [];
    const frames = await microphone.writeFrames(tone(1_000), (count) => completions.push(count));
    expect(frames).toBe(16_000);
    await clock.advance(990);
    expect(completions).toEqual([]);
    await clock.advance(100);
    expect(completions).toEqual([16_000]);
    expect(microphone.queuedDuration).toBe(0);
  });

  it('returns 0 soon while no client sends it', async () => {
    const { clock, microphone, use } = setup();
    use.close();
    const completions: number[] = [];
    const write = microphone.writeFrames(tone(1_000), (count) => completions.push(count));
    await clock.advance(10);
    expect(await write).toBe(0);
    expect(completions).toEqual([0]);
  });

  it('plays a last part of less than 10 ms, at a flush or without', async () => {
    for (const flush of [true, false]) {
      const { clock, microphone, heard } = setup();
      const odd = tone(105).subarray(0, 1_601);
      void microphone.writeFrames(odd.slice());
      if (flush) microphone.flush();
      await clock.advance(300);
      const start = heard().findIndex((sample) => sample !== 0) - 1;
      expect(heard().subarray(start, start + 1_601)).toEqual(odd);
      expect(microphone.queuedDuration).toBe(0);
    }
  });

  it('follows a write: ready, started, marks, finished', async () => {
    const { clock, microphone, use } = setup();
    use.set('connecting');
    const events: string[] = [];
    const note = (event: string) => events.push(`${event} ${clock.now()}`);
    const receipt = microphone.write(tone(200));
    void receipt.ready.then((heard) => note(`ready ${heard}`));
    void receipt.started.then((started) => note(`started ${started}`));
    receipt.mark(100, () => note('mark'));
    receipt.mark(150, () => note('forgotten'))();
    void receipt.finished.then(({ playedMs, interrupted }) => note(`finished ${playedMs} ${interrupted}`));
    await clock.advance(500);
    expect(events).toEqual([]);
    use.set('heard');
    await clock.advance(500);
    expect(events).toEqual(['ready true 500', 'started true 510', 'mark 600', 'finished 200 false 700']);
  });

  it('holds the first media 10 s at most', async () => {
    const { clock, microphone, use } = setup();
    use.set('connecting');
    const receipt = microphone.write(tone(100));
    await clock.advance(9_990);
    expect(microphone.counters.played).toBe(0);
    await clock.advance(200);
    expect(await receipt.finished).toEqual({ playedMs: 100, interrupted: false });
    expect(await receipt.ready).toBe(false);
  });

  it('clears with a fade and says exactly what was heard', async () => {
    const { clock, microphone, heard } = setup();
    const receipts = [microphone.write(tone(100)), microphone.write(tone(100)), microphone.write(tone(100))];
    await clock.advance(150);
    const dropped = microphone.clear({ fadeMs: 5 });
    await clock.advance(50);
    expect(await dropped).toBe(145);
    const outcomes = await Promise.all(receipts.map((receipt) => receipt.finished));
    expect(outcomes).toEqual([
      { playedMs: 100, interrupted: false },
      { playedMs: 55, interrupted: true },
      { playedMs: 0, interrupted: true },
    ]);
    expect(await receipts[2]!.started).toBe(false);
    expect(
      heard()
        .subarray(155 * 16)
        .every((sample) => sample === 0),
    ).toBe(true);
    const next = microphone.write(tone(100));
    await clock.advance(300);
    expect(await next.finished).toEqual({ playedMs: 100, interrupted: false });
  });

  it('settles what waits when it is destroyed, and refuses later calls', async () => {
    const { clock, microphone } = setup();
    const completions: number[] = [];
    const write = microphone.writeFrames(tone(1_000), (count) => completions.push(count));
    await clock.advance(100);
    const receipt = microphone.write(tone(100));
    microphone.close();
    expect(await write).toBe(16_000);
    expect(await receipt.finished).toEqual({ playedMs: 0, interrupted: true });
    await clock.advance(0);
    expect(completions).toEqual([16_000]);
    expect(microphone.queuedDuration).toBe(0);
    const destroyed = { code: 'SLUICE_DEVICE_DESTROYED' };
    await expect(microphone.writeFrames(tone(10))).rejects.toMatchObject(destroyed);
    expect(() => microphone.write(tone(10))).toThrow(expect.objectContaining(destroyed));
    await expect(microphone.clear()).rejects.toMatchObject(destroyed);
  });

  it('survives the death of the engine: what was queued is counted as dropped, new media plays', async () => {
    const { clock, host, microphone } = setup();
    const lost = microphone.write(tone(1_000));
    await clock.advance(500);
    host.die();
    expect(await lost.finished).toEqual({ playedMs: 500, interrupted: true });
    expect(microphone.counters).toMatchObject({ played: 8_000, dropped: 8_000 });
    const next = microphone.write(tone(100));
    await clock.advance(300);
    expect(await next.finished).toEqual({ playedMs: 100, interrupted: false });
    host.die({ failed: true });
    await expect(microphone.writeFrames(tone(10))).rejects.toMatchObject({ code: 'SLUICE_DEVICE_DESTROYED' });
  });

  it('says of what an engine that is gone for good had played that it was played, and of nothing else', async () => {
    const { clock, host, microphone } = setup();
    const lost = microphone.write(tone(1_000));
    const reached: number[] = [];
    for (const atMs of [400, 600, 1_000]) lost.mark(atMs, () => reached.push(atMs));
    await clock.advance(500);
    host.die({ failed: true });
    expect(await lost.finished).toEqual({ playedMs: 500, interrupted: true });
    expect([reached, lost.takenMs]).toEqual([[400], 1_000]);
  });

  describe.each([8_000, 11_025, 22_050, 24_000, 44_100, 96_000])(
    'sentences at %i Hz, written without a flush',
    (sampleRate) => {
      /** A sentence that is silent but for its last 4 ms. */
      const sentence = (length = Math.round(sampleRate * 0.4)) => {
        const samples = new Int16Array(length);
        const sounding = Math.round(sampleRate * 0.004);
        for (let i = 0; i < sounding; i++)
          samples[length - 1 - i] = Math.round(20_000 * Math.sin((2 * Math.PI * 1_500 * i) / sampleRate));
        return samples;
      };

      it('are heard as one event each, and finish within 80 ms of their length', async () => {
        const { clock, microphone, heard, host } = setup({ sampleRate });
        const took: number[] = [];
        for (let turn = 0; turn < 4; turn++) {
          const start = clock.now();
          void microphone.write(sentence()).finished.then(() => took.push(clock.now() - start));
          await clock.advance(1_500);
        }
        const rate = host.sent.at(-1)!.sampleRate;
        const loud = [...heard().entries()].flatMap(([index, sample]) => (Math.abs(sample) > 700 ? [index] : []));
        const events = loud.filter((at, index) => index === 0 || at - loud[index - 1]! > rate / 100);
        expect(events).toHaveLength(4);
        expect(took).toHaveLength(4);
        for (const ms of took) expect(ms).toBeLessThan(480);
      });

      it('finish all, and are counted to the sample, however many there are', async () => {
        const { clock, microphone } = setup({ sampleRate });
        let finished = 0;
        for (let turn = 0; turn < 500; turn++) {
          const samples = sentence(Math.round(sampleRate * 0.02) + (turn % 13));
          void microphone.write(samples).finished.then(({ playedMs }) => {
            expect(playedMs).toBeCloseTo((samples.length * 1000) / sampleRate, 6);
            finished++;
          });
          await clock.advance(200);
          expect(finished).toBe(turn + 1);
        }
        expect(microphone.queuedDuration).toBe(0);
      });
    },
  );

  it('continues a writer at a foreign rate that is a little late, without a hole', async () => {
    const { clock, microphone, heard, host } = setup({ sampleRate: 22_050 });
    const all = tone(3_000, 22_050);
    const write = (start: number) => {
      void microphone.writeFrames(all.slice(start, start + 441));
      if (start + 441 < all.length) clock.at(clock.now() + 22, () => write(start + 441));
    };
    write(0);
    await clock.advance(4_000);
    const rate = host.sent.at(-1)!.sampleRate;
    const start = heard().findIndex((sample) => sample !== 0);
    const played = heard().subarray(start, start + rate * 2.9);
    expect(findGaps(played, { sampleRate: rate }).gaps).toEqual([]);
    expect(measureTone(played.subarray(480, -480), rate, 440).snr).toBeGreaterThan(45);
  });

  it('converts rates that the engine does not know', async () => {
    for (const sampleRate of [11_025, 22_050, 32_000, 96_000]) {
      const { clock, host, microphone } = setup({ sampleRate });
      const receipt = microphone.write(tone(1_000, sampleRate));
      await clock.advance(1_300);
      expect((await receipt.finished).interrupted).toBe(false);
      const { samples, sampleRate: rate } = host.sent.at(-1)!;
      const middle = samples.subarray(rate * 0.2, rate * 0.8);
      expect(measureTone(middle, rate, 440).snr).toBeGreaterThan(70);
      expect(microphone.counters.played).toBe(sampleRate);
    }
  });

  it('refuses what is no whole sample, and a writer that waits for nothing', async () => {
    const { microphone } = setup({ channels: 2 });
    await expect(microphone.writeFrames(new Uint8Array(6))).rejects.toMatchObject({ code: 'SLUICE_FRAME_SHAPE' });
    await expect(microphone.writeFrames('text' as never)).rejects.toThrow(TypeError);
    await expect(microphone.clear({ fadeMs: -1 })).rejects.toThrow(RangeError);
    microphone.write(new Int16Array(2 * 16_000 * 61));
    expect(() => microphone.write(new Int16Array(2))).toThrow(
      expect.objectContaining({ code: 'SLUICE_DEVICE_OVERFLOW' }),
    );
  });

  it('feeds several clients and stays active until the last has gone', () => {
    const { microphone, use } = setup();
    const second = microphone.input.use();
    use.close();
    expect(microphone.active).toBe(true);
    second.close();
    expect(microphone.active).toBe(false);
  });
});
