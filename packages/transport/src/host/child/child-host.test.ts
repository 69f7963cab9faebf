import { VirtualClock } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import type { HostDeath } from '../media-host.ts';
import { createChildHost } from './child-host.ts';
import type { EngineProcessHandlers } from './engine-process.ts';
import { decodeWrite, encodeControl, encodeProgress, HEADER, type WireKind, wireKinds } from './wire.ts';
import { encodeTaken } from './wire-pictures.ts';

const mono = { sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 60 } as const;

/** A host whose engines are started and killed here. */
function setup() {
  const clock = new VirtualClock();
  const startedAt: number[] = [];
  const news: string[] = [];
  const sent: Buffer[] = [];
  const deaths: HostDeath[] = [];
  let engine: EngineProcessHandlers | undefined;
  let refuse = false;
  const host = createChildHost({
    clock,
    start: (handlers) => {
      if (refuse) throw new Error('no processes left');
      engine = handlers;
      startedAt.push(clock.now());
      return {
        memory: { send: undefined, receive: undefined },
        pid: startedAt.length,
        send: (message) => sent.push(message),
        setReferenced: () => {},
        close: async () => {},
      };
    },
  });
  host.onDown((death) => {
    deaths.push(death);
    news.push(death.failed ? 'failed' : `down ${death.retryAt}`);
  });
  host.onUp(() => news.push('up'));
  return {
    clock,
    host,
    startedAt,
    sent,
    news,
    deaths,
    runs: () => engine!.message(wireKinds.control, encodeControl({ type: 'alive' }).subarray(HEADER)),
    says: (message: Buffer) => engine!.message(message.readUInt32LE(4) as WireKind, message.subarray(HEADER)),
    look: () => engine!.look(),
    dies: () => engine!.died(null, 'SIGSEGV'),
    refuse: (refused: boolean) => {
      refuse = refused;
    },
  };
}

it('starts an engine that keeps dying at once, after 250 ms, 1 s, then 10, 20 and 40 s after the fourth death', async () => {
  const { clock, host, startedAt, news, runs, dies } = setup();
  for (const wait of [0, 0, 250, 1_000, 10_000, 10_000, 20_000]) {
    await clock.advance(wait);
    runs();
    dies();
  }
  expect(startedAt).toEqual([0, 0, 250, 1_250, 11_250, 21_250, 41_250]);
  expect(news.filter((line) => line !== 'up')).toEqual([
    'down 0',
    'down 250',
    'down 1250',
    'down 11250',
    'down 21250',
    'down 41250',
    'down undefined',
  ]);
  await clock.advance(19_999);
  expect(host.failure).toBeUndefined();
  const waits = expect(host.stats()).rejects.toMatchObject({ code: 'SLUICE_HOST_DOWN' });
  await clock.advance(1);
  expect(news.at(-1)).toBe('failed');
  await waits;
  expect(host.failure).toMatchObject({ code: 'SLUICE_HOST_FAILED' });
  expect(() => host.createAudioSource(mono)).toThrow(expect.objectContaining({ code: 'SLUICE_HOST_FAILED' }));
  await clock.advance(120_000);
  expect(startedAt).toHaveLength(7);
});

it('goes on with the engine that has come to stay', async () => {
  const { clock, host, startedAt, news, runs, dies } = setup();
  for (const wait of [0, 0, 250, 1_000]) {
    await clock.advance(wait);
    dies();
  }
  // Nothing throws meanwhile: what is made waits for the engine.
  host.createAudioSource(mono).write(new Int16Array(480));
  await clock.advance(10_000);
  runs();
  await clock.advance(120_000);
  expect(host.failure).toBeUndefined();
  dies();
  await clock.advance(0);
  runs();
  expect(startedAt).toHaveLength(6);
  expect(news.slice(-4)).toEqual(['down 11250', 'up', 'down 131250', 'up']);
});

it('drops what waits for an engine that is to come at once, and gives the next what was written after', async () => {
  const { clock, host, dies, sent } = setup();
  for (const wait of [0, 0, 250, 1_000]) {
    await clock.advance(wait);
    dies();
  }
  const source = host.createAudioSource({ ...mono, channels: 2 });
  let dropped = 0;
  source.onProgress((progress) => {
    dropped = progress.dropped;
  });
  source.write(new Int16Array(2 * 480));
  source.flush();
  expect(await source.clear(5)).toBe(480);
  expect(dropped).toBe(480);
  await source.pause(5);
  source.write(new Int16Array(2 * 960));
  const { length } = sent;
  await clock.advance(10_000);
  const writes = sent.slice(length).filter((message) => message.readUInt32LE(4) === wireKinds.write);
  expect(writes.map((message) => decodeWrite(message.subarray(HEADER)).samples.length)).toEqual([2 * 960]);
});

it('takes an engine that cannot be started for one that died', async () => {
  const { clock, host, refuse, dies, news, deaths } = setup();
  refuse(true);
  dies();
  await clock.advance(1_250);
  expect(news).toEqual(['down 0', 'down 250', 'down 1250', 'down 11250']);
  expect(deaths.at(-1)).toEqual({ exitCode: null, signal: null, count: 4, retryAt: 11_250, failed: false });
  await clock.advance(60_000);
  expect(host.failure).toMatchObject({ code: 'SLUICE_HOST_FAILED' });
  await host.close();
});

/** Looks of the 10 s that an engine may owe something. */
const WITHIN = 100;

it('finds an engine broken that is there and answers nothing for a hundred looks, a tenth of a second each', async () => {
  const { host, runs, look, dies } = setup();
  const connection = host.createConnection({ candidates: 'loopback' });
  const told = Promise.allSettled([connection.createOffer(), connection.stats(), host.stats()]);
  const looks = (count: number) => Array.from({ length: count }, look);
  // One that is being started owes nothing.
  expect(looks(200)).not.toContain(true);
  runs();
  expect(looks(WITHIN)).not.toContain(true);
  runs();
  expect(look()).toBe(true);
  dies();
  for (const one of await told) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'SLUICE_HOST_DOWN' } });
  expect(looks(200)).not.toContain(true);
});

it('counts for each question alone, so that one without an answer is found among others', async () => {
  const { host, runs, says, look } = setup();
  runs();
  const connection = host.createConnection({ candidates: 'loopback' });
  connection.createOffer().catch(() => {});
  for (let call = 2; call < WITHIN + 2; call++) {
    const rolledBack = connection.rollback();
    expect(look()).toBe(false);
    says(encodeControl({ type: 'result', call, value: null }));
    await rolledBack;
  }
  expect(look()).toBe(true);
});

it('finds an engine broken that makes no progress with sound that waits, but not where it is paused or all is played', () => {
  const { host, runs, says, look } = setup();
  runs();
  const looks = (count: number) => Array.from({ length: count }, look);
  const source = host.createAudioSource({ ...mono, channels: 2 });
  expect(looks(WITHIN + 1)).not.toContain(true);
  source.write(new Int16Array(2 * 480));
  expect(looks(WITHIN)).not.toContain(true);
  says(encodeProgress([1, 240, 0, 0, 0, 0, 0, 0]));
  expect(looks(WITHIN)).not.toContain(true);
  says(encodeProgress([1, 480, 0, 0, 0, 0, 0, 0]));
  expect(looks(WITHIN + 1)).not.toContain(true);
  source.pause(5).catch(() => {});
  says(encodeControl({ type: 'result', call: 1, value: null }));
  source.write(new Int16Array(2 * 480));
  expect(looks(WITHIN + 1)).not.toContain(true);
  source.resume();
  expect(looks(WITHIN)).not.toContain(true);
  expect(look()).toBe(true);
});

it('finds an engine broken that takes no picture, but not where none is shown', () => {
  const { host, runs, says, look } = setup();
  runs();
  const looks = (count: number) => Array.from({ length: count }, look);
  let taken = 0;
  const source = host.createVideoSource({ screen: false });
  for (let count = 0; count < 3; count++) source.write({ width: 2, height: 2, data: new Uint8Array(6) }, () => taken++);
  expect(looks(WITHIN)).not.toContain(true);
  for (let serial = 0; serial < 3; serial++) says(encodeTaken(serial));
  expect(taken).toBe(3);
  expect(looks(WITHIN + 1)).not.toContain(true);
  source.write({ width: 2, height: 2, data: new Uint8Array(6) }, () => taken++);
  expect(looks(WITHIN)).not.toContain(true);
  expect(look()).toBe(true);
});
