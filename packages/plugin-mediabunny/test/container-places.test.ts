import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { describeContainer, fromContainer } from '@sluice/plugin-mediabunny';
import { AudioSample, CustomAudioDecoder, type EncodedPacket, registerDecoder } from 'mediabunny';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { furthest, heard, heardByFfmpeg, LENGTH, testFolder, writeSweeps } from './media-files.ts';

const { at, remove } = testFolder();
let server: Server;
let address = '';
let sent = 0;
let sweep: Int16Array;

function give(answer: ServerResponse, bytes: Buffer, headers: Record<string, string | number>, status: number): void {
  sent += bytes.length;
  answer.writeHead(status, headers).end(bytes);
}

beforeAll(async () => {
  writeSweeps({
    [at('a.wav')]: ['-metadata', 'title=Sweep', '-metadata', 'artist=Somebody'],
    [at('a.mov')]: ['-c:a', 'pcm_s16le'],
    [at('a.mkv')]: ['-c:a', 'pcm_s16le', '-metadata:s:a:0', 'language=eng'],
    [at('a.mp3')]: [],
  });
  sweep = heardByFfmpeg([at('a.wav')])[0]!;
  server = createServer((request, answer) => {
    const { pathname } = new URL(request.url!, 'http://host');
    const [, how, name] = pathname.split('/');
    if (how === 'missing') return answer.writeHead(404).end();
    const bytes = readFileSync(at(name!));
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (how === 'whole' || range === null) return give(answer, bytes, {}, 200);
    const [start, end] = [Number(range[1]), Math.min(Number(range[2]) + 1, bytes.length)];
    if (how === 'breaking' && end > 65_536) return request.socket.destroy();
    give(answer, bytes.subarray(start, end), { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` }, 206);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  remove();
});

describe('a container on a server', () => {
  it.each(['a.wav', 'a.mov', 'a.mkv'])('is read by ranges, and without them from its front: %s', async (name) => {
    for (const how of ['ranges', 'whole'])
      expect(furthest((await heard(`${address}/${how}/${name}`)).samples, sweep)).toBe(0);
  });

  it('gives a part without all that is before it', async () => {
    const path = at('long.wav');
    writeHour(path);
    sent = 0;
    const { samples } = await heard(`${address}/ranges/long.wav`, { startMs: 3_599_000 });
    expect(samples.length).toBe(8_000);
    expect(sent).toBeLessThan(statSync(path).size / 10);
  });

  it('fails with what the server said, and without what is behind the question mark', async () => {
    const code = 'SLUICE_CONTAINER_READ';
    const secret = `${address}/missing/a.wav?key=secret`;
    await expect(heard(secret)).rejects.toMatchObject({ code, message: expect.stringMatching(/status 404/) });
    await expect(heard(secret)).rejects.not.toThrow(/secret/);
    await expect(heard(`${address}/breaking/a.wav`)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/cannot be reached/),
    });
    await expect(heard('http://127.0.0.1:1/a.wav')).rejects.toMatchObject({ code });
  });
});

/** A file of an hour at 8 kHz, of which the last second is sound. */
function writeHour(path: string): void {
  const head = readFileSync(at('a.wav')).subarray(0, 44);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt16LE(2, 32);
  head.write('data', 36);
  head.writeUInt32LE(57_600_000, 40);
  head.writeUInt32LE(57_600_036, 4);
  const file = openSync(path, 'w');
  writeSync(file, head, 0, 44, 0);
  writeSync(file, Buffer.alloc(16_000, 1), 0, 16_000, 57_584_044);
  truncateSync(path, 57_600_044);
}

describe('a long container', () => {
  it('has each sample at its place, to the last', async () => {
    writeHour(at('hour.wav'));
    const { samples } = await heard(at('hour.wav'), { startMs: 3_598_999.875 });
    expect([samples.length, samples[0], samples[1], samples.at(-1)]).toEqual([8_001, 0, 257, 257]);
    expect(await describeContainer(at('hour.wav'))).toMatchObject({ durationMs: 3_600_000 });
  });

  it('is taken from a stream as it is played, and no further', async () => {
    writeHour(at('hour.wav'));
    const bytes = readFileSync(at('hour.wav'));
    let taken = 0;
    const pieces = Readable.from(
      (function* () {
        for (; taken < bytes.length; taken += 4_096) yield bytes.subarray(taken, taken + 4_096);
      })(),
      { highWaterMark: 1 },
    );
    const reading = fromContainer(pieces).subscribe((frame) => {
      if (frame.timestamp >= 60_000_000) queueMicrotask(() => reading.unsubscribe());
    });
    await once(pieces, 'close');
    // A minute is 960,000 bytes.
    expect(taken).toBeGreaterThan(900_000);
    expect(taken).toBeLessThan(2_000_000);
  });
});

describe('describeContainer', () => {
  it('tells tracks, length and tags, and what is read', async () => {
    expect(await describeContainer(at('a.wav'))).toEqual({
      container: 'WAVE',
      durationMs: 1_234.5,
      audio: [{ codec: 'pcm-s16', sampleRate: 48_000, channels: 2, language: 'und', readable: true }],
      video: [],
      tags: { title: 'Sweep', artist: 'Somebody' },
    });
    // Times in Matroska are milliseconds.
    const { durationMs, audio } = await describeContainer(at('a.mkv'));
    expect(Math.abs(durationMs - 1_234.5)).toBeLessThan(1);
    expect(audio[0]).toMatchObject({ language: 'eng', readable: true });
    expect((await describeContainer(at('a.mp3'))).audio[0]).toMatchObject({ codec: 'mp3', readable: false });
    await expect(describeContainer(Buffer.from('none'))).rejects.toMatchObject({ code: 'SLUICE_CONTAINER_FORMAT' });
  });
});

/** MP3 by ffmpeg: all at once, when the packets end. */
class FfmpegDecoder extends CustomAudioDecoder {
  readonly #packets: Uint8Array[] = [];
  static override supports(codec: string): boolean {
    return codec === 'mp3';
  }
  init(): void {}
  decode(packet: EncodedPacket): void {
    this.#packets.push(packet.data);
  }
  flush(): void {
    const args = ['-v', 'error', '-f', 'mp3', '-i', 'pipe:0', '-f', 's16le', 'pipe:1'];
    const decoded = execFileSync('ffmpeg', args, { input: Buffer.concat(this.#packets) });
    const { sampleRate, numberOfChannels } = this.config;
    const size = 1_152 * 2 * numberOfChannels;
    for (let i = 0; i < decoded.length; i += size) {
      const data = decoded.subarray(i, i + size);
      const timestamp = i / (2 * numberOfChannels * sampleRate);
      this.onSample(new AudioSample({ data, format: 's16', sampleRate, numberOfChannels, timestamp }));
    }
    this.#packets.length = 0;
  }
  close(): void {}
}

describe('a decoder that is registered with mediabunny', () => {
  it('makes its codec one that is read, from the sample that is asked for', async () => {
    await expect(heard(at('a.mp3'))).rejects.toMatchObject({ code: 'SLUICE_CONTAINER_CODEC' });
    registerDecoder(FfmpegDecoder);
    expect((await describeContainer(at('a.mp3'))).audio[0]).toMatchObject({ readable: true });
    const { samples } = await heard(at('a.mp3'));
    // The delay of the encoder is in front: the library does not know it.
    expect(samples.length / 2).toBeGreaterThan(LENGTH);
    const delay = samples.length - heardByFfmpeg([at('a.mp3')])[0]!.length;
    expect(delay).toBeGreaterThanOrEqual(0);
    const some = await heard(at('a.mp3'), { startMs: 500, durationMs: 250 });
    expect(furthest(some.samples, samples.slice(48_000, 72_000))).toBe(0);
  });
});
