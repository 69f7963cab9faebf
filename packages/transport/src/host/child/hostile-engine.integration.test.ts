import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '@sluice/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AudioRenderer } from '../../call/receive/audio-renderer.ts';
import type { HostAudioSource, HostConnection, HostDeath, MediaHost } from '../media-host.ts';
import { createChildHost } from './child-host.ts';
import { encodeAudio, encodeControl, encodeProgress, HEADER, type WireKind, wireKinds, withHeader } from './wire.ts';
import { encodePictureHead, encodeTaken } from './wire-pictures.ts';

// What is made of a host below, in this order.
const SOURCE = 1;
const CONNECTION = 2;

const sound = {
  connection: CONNECTION,
  name: 'microphone',
  samples: new Int16Array(480),
  sampleRate: 48_000,
  channels: 1,
};
const picture = {
  id: CONNECTION,
  name: 'camera',
  serial: 0,
  width: 2,
  height: 2,
  colorSpace: 'bt601',
  offset: undefined,
} as const;
const counts = (...values: number[]) => encodeProgress([SOURCE, ...values]);

function raw(kind: number, payload: Buffer | string): Buffer {
  return withHeader(Buffer.concat([Buffer.alloc(HEADER), Buffer.from(payload)]), kind as WireKind);
}

/** A message whose number at `at` of the payload is another. */
function with32(message: Buffer, at: number, value: number): Buffer {
  message.writeUInt32LE(value, HEADER + at);
  return message;
}

const control = (text: string) => raw(wireKinds.control, text);
const data = (type: string, value: unknown) => encodeControl({ type, id: CONNECTION, data: value });
const candidate = { candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };

const messages: Record<string, Buffer> = {
  'a length of 4 GiB': Buffer.from([255, 255, 255, 255, 0, 0, 0, 0]),
  'a kind that there is not': raw(9, ''),
  'a write, which only a parent says': raw(wireKinds.write, Buffer.alloc(8)),
  'progress of half a row': raw(wireKinds.progress, Buffer.alloc(9)),
  'progress that is no number': counts(Number.NaN, 0, 0, 0, 0, 0, 0),
  'progress without end': counts(0, Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0),
  'progress that goes below nothing': counts(0, 0, -1, 0, 0, 0, 0),
  'sound of no length': raw(wireKinds.audio, Buffer.alloc(3)),
  'sound at 0 Hz': encodeAudio({ ...sound, sampleRate: 0 }),
  'sound at 4 GHz': encodeAudio({ ...sound, sampleRate: 4_000_000_000 }),
  'sound of no channel': encodeAudio({ ...sound, channels: 0 }),
  'sound of nine channels': encodeAudio({ ...sound, channels: 9 }),
  'sound with half a frame': encodeAudio({ ...sound, channels: 2, samples: new Int16Array(3) }),
  'sound with half a sample': raw(wireKinds.audio, encodeAudio(sound).subarray(HEADER, -1)),
  'sound whose name is longer than all of it': with32(encodeAudio(sound), 8, 0xffff_0001),
  'a picture of no length': raw(wireKinds.picture, Buffer.alloc(3)),
  'a picture of 0 x 2': encodePictureHead({ ...picture, width: 0 }, 0),
  'a picture of 4,294,967,295 x 2': encodePictureHead({ ...picture, width: 0xffff_ffff }, 0),
  'a picture without its bytes': encodePictureHead(picture, 0),
  'a picture in memory that there is not': encodePictureHead({ ...picture, offset: 4_000_000_000 }, 0),
  'a picture in no colour space': with32(encodePictureHead(picture, 0), 24, 77),
  'a picture whose name is longer than all of it': with32(encodePictureHead(picture, 0), 20, 0xffff_ffff),
  'a receipt of no length': raw(wireKinds.taken, encodeTaken(1).subarray(HEADER, -1)),
  'control of no length': control(''),
  'control that is no JSON': control('{"type":"alive"'),
  'control of 30,000 levels': control('['.repeat(30_000)),
  'control that is a list': control('[]'),
  'a command': encodeControl({ type: 'close-connection', id: CONNECTION }),
  'an event without a type': control('{"__proto__":{"type":"alive"}}'),
  'a candidate that is none': data('candidate', null),
  'a candidate of a section that there cannot be': data('candidate', { ...candidate, sdpMLineIndex: 1e300 }),
  'an error of ICE without a text': data('ice-error', { url: 'stun:127.0.0.1', code: 701 }),
  'a state that there is not': data('state', 'exploded'),
  'a track of no kind': data('track', { name: 'microphone', kind: 'smell', present: true }),
  'a track with a name of 2,000 letters': data('track', { name: 'x'.repeat(2_000), kind: 'audio', present: true }),
  'packets below nothing': data('packets', { received: -1 }),
  'an answer to what nobody asked': encodeControl({ type: 'result', call: 4_711, value: null }),
  'a fault of what nobody asked': encodeControl({ type: 'fault', call: 4_711, code: 'X', message: 'x' }),
  'a fault without a code': encodeControl({ type: 'fault', call: 0, code: null, message: 'x' }),
};

type Ask = (host: MediaHost, connection: HostConnection) => Promise<unknown>;
const stats: Ask = (_, connection) => connection.stats();
const answers: Record<string, readonly [ask: Ask, value: unknown]> = {
  'statistics that are text': [stats, 'well'],
  'statistics that are nothing': [stats, null],
  'statistics without their numbers': [stats, { id: 1, audio: [] }],
  'an offer that is none': [(_, connection) => connection.createOffer(), { type: 'offer' }],
  'an offer that is a list': [(_, connection) => connection.createOffer({ iceRestart: true }), []],
  'an answer of 2 MB': [
    (_, connection) => connection.createAnswer(),
    { type: 'answer', sdp: 'v'.repeat(2e6), tracks: [] },
  ],
  'something for nothing': [(_, connection) => connection.rollback(), 'done'],
  'figures of the host that are none': [(host) => host.stats(), { rss: 'much' }],
};

/** An engine that says what it is told to, or answers all questions with that; the one after it says only that it is there. */
const program = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
const said = process.argv[1] + '.said';
const pipe = new Socket({ fd: 3 });
const say = (text) => {
  const header = Buffer.alloc(${HEADER});
  header.writeUInt32LE(Buffer.byteLength(text));
  pipe.write(Buffer.concat([header, Buffer.from(text)]));
};
const alive = () => say('{"type":"alive"}');
const plan = existsSync(said) ? {} : JSON.parse(readFileSync(process.argv[1] + '.json', 'utf8'));
writeFileSync(said, '');
alive();
if (plan.drips) pipe.write(Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]));
setInterval(plan.drips ? () => pipe.write('x') : alive, 100);
pipe.on('end', () => process.exit());
let read = Buffer.alloc(0);
pipe.on('data', (chunk) => {
  read = Buffer.concat([read, chunk]);
  while (read.length >= ${HEADER} && read.length >= ${HEADER} + read.readUInt32LE()) {
    const end = ${HEADER} + read.readUInt32LE();
    const command = read[4] === 0 ? JSON.parse(read.subarray(${HEADER}, end)) : {};
    read = read.subarray(end);
    if (command.type === 'create-connection' && plan.message) pipe.write(Buffer.from(plan.message, 'base64'));
    if (command.call && 'value' in plan) say(JSON.stringify({ type: 'result', call: command.call, value: plan.value }));
  }
});`;

describe('an engine that turned against its program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-hostile-'));
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  let count = 0;
  let host: MediaHost;
  let source: HostAudioSource;
  let connection: HostConnection;

  beforeAll(() => {
    process.on('uncaughtException', note);
    process.on('unhandledRejection', note);
  });
  afterEach(() => host.close());
  afterAll(() => {
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
    rmSync(folder, { recursive: true });
  });

  /** A call's worth of listeners on that engine. Resolves with its death, and when the next one runs. */
  function meet(plan: { readonly message?: string; readonly value?: unknown; readonly drips?: boolean }) {
    const entry = join(folder, `engine-${count++}.mjs`);
    writeFileSync(entry, program);
    writeFileSync(`${entry}.json`, JSON.stringify(plan));
    host = createChildHost({ entry, answerWithinMs: 300 });
    const death = new Promise<HostDeath>((resolve) => host.onDown(resolve));
    const next = new Promise<void>((resolve) => host.onUp(resolve));
    const renderer = new AudioRenderer({ sampleRate: 16_000, callbackIntervalMs: 20 }, realClock, () => {});
    source = host.createAudioSource({ sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 60 });
    source.onProgress(() => {});
    connection = host.createConnection({ candidates: 'loopback' });
    connection.on('audio', ({ samples, sampleRate, channels }) => renderer.take(samples, sampleRate, channels));
    connection.on('video', () => {});
    return { death, next, close: () => renderer.close() };
  }

  it('is replaced, at once and once', async () => {
    const { death, next, close } = meet({ message: messages['sound at 0 Hz']!.toString('base64') });
    expect(await death).toMatchObject({ signal: 'SIGKILL', count: 1, failed: false });
    await next;
    host.createConnection({ candidates: 'loopback' }).close();
    close();
    expect(uncaught).toEqual([]);
  });

  it.each(Object.entries(messages))('is broken when it says %s', async (_, message) => {
    const { death, close } = meet({ message: message.toString('base64') });
    expect(await death).toMatchObject({ signal: 'SIGKILL', count: 1, failed: false });
    // No next one, which the test above has.
    await host.close();
    close();
    expect(uncaught).toEqual([]);
  });

  it.each(Object.entries(answers))(
    'is broken when it answers with %s, and who asked is told',
    async (_, [ask, value]) => {
      const { death, close } = meet({ value });
      await expect(ask(host, connection)).rejects.toMatchObject({ code: 'SLUICE_HOST_DOWN' });
      expect(await death).toMatchObject({ signal: 'SIGKILL', count: 1, failed: false });
      close();
      expect(uncaught).toEqual([]);
    },
  );

  it('is broken when it goes on saying that it is there but answers nothing, and who asked is told', async () => {
    const { death, next, close } = meet({});
    const told = Promise.allSettled([
      connection.createOffer(),
      connection.createAnswer(),
      connection.setRemoteDescription({ type: 'offer', sdp: 'v=0', tracks: [] }),
      connection.rollback(),
      connection.addIceCandidate(candidate),
      connection.stats(),
      host.stats(),
      source.clear(5),
      source.pause(5),
    ]);
    expect(await death).toMatchObject({ signal: 'SIGKILL', count: 1, failed: false });
    const down = { status: 'rejected', reason: { code: 'SLUICE_HOST_DOWN' } };
    expect(await told).toMatchObject(Array.from({ length: 9 }, () => down));
    await next;
    close();
    expect(uncaught).toEqual([]);
  });

  it('is broken when it plays nothing of what waits', async () => {
    const { death, close } = meet({});
    source.write(new Int16Array(4_800));
    expect(await death).toMatchObject({ signal: 'SIGKILL', count: 1, failed: false });
    close();
  });

  it('is broken when it takes no picture, and who wrote it has it back', async () => {
    const { death, close } = meet({});
    const camera = host.createVideoSource({ screen: false });
    const taken = new Promise<void>((resolve) => {
      camera.write({ width: 2, height: 2, data: new Uint8Array(6) }, resolve);
    });
    expect(await death).toMatchObject({ signal: 'SIGKILL', count: 1, failed: false });
    await taken;
    close();
  });

  it('is broken when all that it says is a message that does not end', async () => {
    const { death, close } = meet({ drips: true });
    expect(await death).toMatchObject({ signal: 'SIGKILL', count: 1, failed: false });
    close();
  });
});
