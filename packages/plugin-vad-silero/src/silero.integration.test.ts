import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioFrame, micros, videoFrame } from '@sluice/core';
import { seededRandom, VirtualClock } from '@sluice/core/testing';
import { categoryOf, isVoiceError, type VoiceDetectorEvent } from '@sluice/core/voice';
import { afterAll, describe, expect, it } from 'vitest';
import { findModel } from './find-model.ts';
import { returnProcess, takeProcess } from './host/shared-process.ts';
import { SileroProcess } from './host/silero-process.ts';
import { silero } from './silero.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-silero-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sound = (samples: Int16Array, at = 0) =>
  new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(at) });
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

async function read(session: AsyncIterable<VoiceDetectorEvent>): Promise<VoiceDetectorEvent[]> {
  const events: VoiceDetectorEvent[] = [];
  for await (const event of session) events.push(event);
  return events;
}

describe('a model file that is none', () => {
  it.each([
    ['garbage', 'not a network'],
    ['nothing', ''],
  ])('of %s is refused with what to take, before the engine sees it', async (name, content) => {
    const model = join(folder, name);
    writeFileSync(model, content);
    const detector = silero({ model });
    for (const error of [await failure(detector.open()), await failure(detector.prefetch())]) {
      expect(isVoiceError(error)).toBe(true);
      expect(categoryOf(error)).toBe('give-up');
      expect(String(error)).toMatch(/does not take its model file.*@jjhbw\/silero-vad/s);
    }
  });

  it('that is not there is refused', async () => {
    const error = await failure(silero({ model: join(folder, 'none.onnx') }).open());
    expect(error).toMatchObject({ code: 'SLUICE_VOICE_MODEL', model: 'silero', category: 'give-up' });
  });
});

it('says so where the native library is not there', async () => {
  const child = join(folder, 'child.mjs');
  writeFileSync(child, `process.send({ type: 'unable', reason: 'no sherpa-onnx for this platform' });`);
  const process = new SileroProcess(findModel(), child);
  const error = await failure(process.ready);
  expect(error).toMatchObject({ category: 'give-up' });
  expect(String(error)).toMatch(/no sherpa-onnx for this platform.*sherpa-onnx-node 1\.13\.8/s);
  await process.ended;
});

describe('a session', () => {
  it('refuses sound that it does not hear, and says what makes it so', async () => {
    const form = { timestamp: micros(0), samples: new Int16Array(320) };
    const wrong = [
      new AudioFrame({ ...form, sampleRate: 8_000, channels: 1 }),
      new AudioFrame({ ...form, sampleRate: 16_000, channels: 2 }),
      videoFrame({ data: new Uint8Array(16), width: 2, height: 2, format: 'RGBA', timestamp: micros(0) }) as never,
    ];
    for (const frame of wrong) {
      const session = await silero().open();
      await session.write(frame);
      const error = await failure(read(session));
      expect(categoryOf(error)).toBe('give-up');
      expect(String(error)).toMatch(/resample\(\{ sampleRate: 16000 \}\)/);
    }
  });

  it('waits with its writer once two seconds are not judged, and stands virtual time still', async () => {
    const clock = new VirtualClock();
    const session = await silero().open({ clock });
    expect(session.write(sound(new Int16Array(16_000)))).toBeUndefined();
    expect(clock.pending).toBeGreaterThan(0);
    const waited = session.write(sound(new Int16Array(32_000), 1_000_000));
    expect(waited).toBeInstanceOf(Promise);
    await waited;
    await session.flush();
    expect(clock.pending).toBe(0);
    await Promise.all([session.close(), session.close()]);
  });

  it('ends at once when it is aborted in mid-work, tells nothing more, and the last one ends the process', async () => {
    const model = findModel();
    const process = await takeProcess(model);
    const abort = new AbortController();
    const session = await silero().open({ signal: abort.signal });
    const random = seededRandom(1);
    session.write(sound(Int16Array.from({ length: 64_000 }, () => random() * 60_000 - 30_000)));
    abort.abort();
    expect(await read(session)).toEqual([]);
    await expect(silero().open({ signal: abort.signal })).rejects.toThrow(/abort/i);
    expect(process.gone).toBe(false);
    await returnProcess(model, process);
    expect(process.gone).toBe(true);
  });

  it('tells its reader when the process is lost; the next one has another', async () => {
    const model = findModel();
    const process = await takeProcess(model);
    const session = await silero().open();
    session.write(sound(new Int16Array(16_000)));
    globalThis.process.kill(process.pid!, 'SIGKILL');
    const error = await failure(read(session));
    expect(error).toMatchObject({ code: 'SLUICE_VOICE_MODEL', category: 'retry' });
    await process.ended;
    const next = await silero().open();
    next.write(sound(new Int16Array(16_000)));
    await next.flush();
    await next.close();
    expect(await read(next)).toEqual([]);
  });

  it('drops what is older than a cancelled epoch, and takes garbage', async () => {
    const session = await silero().open();
    session.cancel(1);
    const random = seededRandom(3);
    for (let index = 0; index < 50; index++) {
      const samples = Int16Array.from({ length: Math.floor(random() * 2_000) }, () =>
        random() < 0.5 ? -32_768 : 32_767,
      );
      const frame = sound(samples, Math.floor(random() * 1e12) - 5e11);
      frame.epoch = index % 2;
      await session.write(frame);
    }
    await session.flush();
    await session.close();
    for (const [index, { type, at, toldAt }] of (await read(session)).entries()) {
      expect(type).toBe(index % 2 === 0 ? 'speech' : 'silence');
      expect(toldAt).toBeGreaterThanOrEqual(at);
    }
  });
});
