import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { type AudioFrame, graph, type VideoFrame } from '@sluice/core';
import { fromLiveMedia, fromMedia, toMedia, toMovie } from '@sluice/plugin-ffmpeg';
import { lastValueFrom, tap } from 'rxjs';
import { afterAll, describe, expect, it, vi } from 'vitest';

const running = new Set<ChildProcess>();
const servers = new Set<Server>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  for (const server of servers) server.close().closeAllConnections();
});

function ffmpeg(...args: readonly string[]): ChildProcess {
  const child = spawn('ffmpeg', ['-nostdin', '-v', 'error', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  running.add(child);
  return child;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** By the kernel's table: who connects to see is taken for the sender, of whom ffmpeg waits for one. */
async function listening(port: number): Promise<void> {
  const place = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, '0')} \\S+ 0A `);
  await vi.waitFor(() => expect(readFileSync('/proc/net/tcp', 'latin1')).toMatch(place), { timeout: 20_000 });
}

/** White and loud in the first fifth of each second, at the pace of time. */
const flashes = "color=black:s=160x90:r=25,drawbox=c=white:t=fill:enable='lt(mod(t,1),0.19)'";
const beeps = "aevalsrc='if(lt(mod(t,1),0.2),0.5*sin(2*PI*1000*t),0)':s=44100";
const programme = ['-re', '-f', 'lavfi', '-i', flashes, '-re', '-f', 'lavfi', '-i', beeps];
const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '10', '-c:a', 'aac'];

const folder = mkdtempSync(join(tmpdir(), 'sluice-live-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Five seconds of it as a file. */
function flashesAndBeeps(): string {
  const file = join(folder, 'programme.mkv');
  const inputs = programme.filter((word) => word !== '-re');
  if (!existsSync(file)) execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...inputs, '-t', '5', ...codecs, file]);
  return file;
}

/** Not by `rejects`, whose promise a runner of concurrent tests waits for at the end of whichever began last. */
function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

interface Onsets {
  readonly sound: number[];
  readonly pictures: number[];
}

/** Receives until two flashes and two beeps have begun, by the times of the frames in milliseconds. */
async function onsetsOf(...[input, options]: Parameters<typeof fromLiveMedia>): Promise<Onsets> {
  const onsets: Onsets = { sound: [], pictures: [] };
  const before = { loud: true, white: true };
  const live = fromLiveMedia(input, { channels: 1, ...options });
  const watching = graph('watching');
  const done = () => onsets.sound.length >= 2 && onsets.pictures.length >= 2 && void watching.stop();
  watching.from(live.audio).to({
    next(frame: AudioFrame) {
      expect(frame).toMatchObject({ sampleRate: 48_000, channels: 1 });
      const at = frame.samples.findIndex((sample) => Math.abs(sample) > 2_000);
      if (at >= 0 && !before.loud) onsets.sound.push(frame.timestamp / 1_000 + at / 48);
      before.loud = at >= 0;
      frame.close();
      done();
    },
  });
  watching.from(live.video).to({
    next(frame: VideoFrame) {
      expect(frame).toMatchObject({ width: 160, height: 90, format: 'I420' });
      const white = frame.data[80 + 45 * 160]! > 128;
      if (white && !before.white) onsets.pictures.push(frame.timestamp / 1_000);
      before.white = white;
      frame.close();
      done();
    },
  });
  await watching.run();
  return onsets;
}

function expectInStep({ sound, pictures }: Onsets): void {
  for (const times of [sound, pictures]) expect(Math.abs(times[1]! - times[0]! - 1_000)).toBeLessThan(45);
  const apart = (sound[0]! - pictures[0]!) % 1_000;
  expect(Math.min(Math.abs(apart), 1_000 - Math.abs(apart))).toBeLessThan(60);
}

// They wait most of the time.
describe.concurrent('fromLiveMedia', () => {
  it('asks at an address of RTMP, and has sound and pictures in step', async () => {
    const address = `rtmp://127.0.0.1:${await freePort()}/live/key`;
    ffmpeg(...programme, ...codecs, '-f', 'flv', '-listen', '1', address);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expectInStep(await onsetsOf(address));
  });

  it.each([
    ['rtmp:', '/live/key', ['-f', 'flv']],
    ['rtsp:', '/live', ['-f', 'rtsp', '-rtsp_transport', 'tcp']],
    ['srt:', '', ['-f', 'mpegts']],
    ['http:', '/live.ts', ['-f', 'mpegts', '-method', 'POST']],
  ])('waits for one who sends by %s', async (scheme, path, form) => {
    const address = `${scheme}//127.0.0.1:${await freePort()}${path}`;
    const received = onsetsOf(address, { listen: true });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    ffmpeg(...programme, ...codecs, ...form, address);
    expectInStep(await received);
  });

  it.each([
    ['rtmp:', '/live/key'],
    ['srt:', ''],
    ['rtsp:', '/live'],
  ])('sends by %s what it receives, in step', async (scheme, path) => {
    const source = `rtmp://127.0.0.1:${await freePort()}/live/source`;
    const address = `${scheme}//127.0.0.1:${await freePort()}${path}`;
    const received = onsetsOf(address, { listen: true });
    const movie = toMovie(address);
    const relay = graph('relay');
    const { audio, video } = fromLiveMedia(source, { listen: true });
    relay.from(audio).to(movie.audio);
    relay.from(video).to(movie.video);
    const relayed = failureOf(relay.run());
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    ffmpeg(...programme, ...codecs, '-f', 'flv', source);
    expectInStep(await received);
    expect(relay.inspect().problems.filter((problem) => /faster than it lasts/.test(problem))).toEqual([]);
    // Whoever received is gone.
    await Promise.race([relayed, relay.stop()]);
  });

  it('sends sound alone', async () => {
    const source = `rtmp://127.0.0.1:${await freePort()}/live/source`;
    const address = `srt://127.0.0.1:${await freePort()}`;
    const hearing = graph('hearing');
    let loud = 0;
    hearing.from(fromLiveMedia(address, { listen: true, channels: 1, video: false }).audio).to({
      next(frame: AudioFrame) {
        loud += frame.samples.filter((sample) => Math.abs(sample) > 2_000).length;
        frame.close();
      },
    });
    const ended = hearing.run();
    const relay = graph('relay');
    relay.from(fromLiveMedia(source, { listen: true, video: false }).audio).to(toMedia(address));
    const relayed = relay.run();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    ffmpeg(...programme, '-t', '7', ...codecs, '-f', 'flv', source);
    await relayed;
    await ended;
    // Two beeps of 0.2 s at least, a sine of 0.5 being above 0.06 for nine tenths of them.
    expect(loud).toBeGreaterThan(0.9 * 0.2 * 2 * 48_000);
  });

  it('tells of a live stream that is sent faster than it lasts', async () => {
    const sending = graph('sending');
    const { audio } = fromMedia(flashesAndBeeps());
    sending.from(audio).to(toMedia(`udp://127.0.0.1:${await freePort()}`));
    await sending.run();
    expect(sending.inspect().problems).toEqual([expect.stringMatching(/[45] s faster than it lasts/)]);
  });

  it('gives up a server that takes the connection and nothing else', async () => {
    const deaf = createTcpServer(() => {}).listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const sending = graph('sending');
    const address = `rtmp://127.0.0.1:${(deaf.address() as AddressInfo).port}/live`;
    sending.from(fromMedia(flashesAndBeeps(), { times: 5 }).audio).to(toMedia(address));
    expect(await failureOf(sending.run())).toMatchObject({ message: expect.stringMatching(/has taken nothing for/) });
    deaf.close();
  });

  it('tells of a server that is not there, without the key of the stream', async () => {
    const sending = graph('sending');
    const address = `rtmp://user:secret@127.0.0.1:${await freePort()}/live/key`;
    sending.from(fromMedia(flashesAndBeeps()).audio).to(toMedia(address));
    const error = await failureOf(sending.run());
    expect(error).toMatchObject({
      code: 'SLUICE_FFMPEG_WRITE',
      message: expect.stringMatching(/does not write rtmp:\/\/127/),
    });
    expect(inspect(error)).not.toMatch(/secret|\bkey\b/);
  });

  it('leaves out what a server sends of the past', async () => {
    const past = ffmpeg(
      '-t',
      '5',
      ...programme.filter((word) => word !== '-re'),
      '-t',
      '5',
      ...codecs,
      '-f',
      'mpegts',
      'pipe:1',
    );
    const chunks: Buffer[] = [];
    for await (const chunk of past.stdout!) chunks.push(chunk);
    const live = ffmpeg(...programme, ...codecs, '-output_ts_offset', '5', '-f', 'mpegts', 'pipe:1');
    const server = createServer((_, response) => {
      for (const chunk of chunks) response.write(chunk);
      live.stdout!.pipe(response);
    });
    servers.add(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    const { sound, pictures } = await onsetsOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/live.ts`);
    expect(Math.min(...sound, ...pictures)).toBeGreaterThan(4_500);
  });

  it('plays a list of pieces at the pace of time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-live-'));
    const pieces = ['-f', 'hls', '-hls_time', '0.4', '-hls_list_size', '0', join(folder, 'live.m3u8')];
    ffmpeg(...programme, ...codecs, ...pieces);
    const server = createServer((request, response) => {
      createReadStream(join(folder, request.url!))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    });
    servers.add(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    await vi.waitFor(() => expect(existsSync(join(folder, 'live3.ts'))).toBe(true), { timeout: 10_000 });
    const list = `http://127.0.0.1:${(server.address() as AddressInfo).port}/live.m3u8`;
    let [frames, gaps] = [0, 0];
    const hearing = graph('hearing');
    hearing.from(fromLiveMedia(list, { video: false }).audio).to({
      next(frame: AudioFrame) {
        // One by a full link is one of a busy machine.
        if (frame.gap?.reason === 'disconnected') gaps++;
        frame.close();
        if (++frames === 100) void hearing.stop();
      },
    });
    await hearing.run();
    expect(gaps).toBe(0);
  });

  it('tells of time that a stream leaves out, and ends with it', async () => {
    const part = (...how: string[]) =>
      ffmpeg('-re', '-f', 'lavfi', '-i', beeps, '-t', '2', '-c:a', 'aac', ...how, '-f', 'mpegts', 'pipe:1');
    const server = createServer(async (_, response) => {
      for (const how of [[], ['-output_ts_offset', '5']])
        for await (const chunk of part(...how).stdout!) response.write(chunk);
      response.end();
    });
    servers.add(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    const gaps: number[] = [];
    const hearing = graph('hearing');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    hearing.from(fromLiveMedia(address, { channels: 1, video: false }).audio).to({
      next(frame: AudioFrame) {
        if (frame.gap?.reason === 'disconnected') gaps.push(frame.gap.duration / 1_000);
        frame.close();
      },
    });
    await hearing.run();
    expect(gaps).toHaveLength(1);
    expect(Math.abs(gaps[0]! - 3_000)).toBeLessThan(100);
  });

  it('tells of one who sends no more, and of pictures that somebody asks for later and are not there', async () => {
    const port = await freePort();
    const address = `rtmp://127.0.0.1:${port}/live`;
    const { audio, video } = fromLiveMedia(address, { listen: true, timeoutMs: 1_000 });
    let frames = 0;
    const counted = audio.pipe(
      tap((frame) => {
        frames++;
        frame.close();
      }),
    );
    const lost = failureOf(lastValueFrom(counted));
    await listening(port);
    const sender = ffmpeg('-re', '-f', 'lavfi', '-i', beeps, '-c:a', 'aac', '-f', 'flv', address);
    await vi.waitFor(() => expect(frames).toBeGreaterThan(10), { timeout: 10_000 });
    const missing = await failureOf(lastValueFrom(video));
    expect(missing).toMatchObject({ message: expect.stringMatching(/there are no pictures/) });
    sender.kill('SIGSTOP');
    expect(await lost).toMatchObject({ message: expect.stringMatching(/nothing came .* for 1000 ms/) });
  });

  it.each(['audio', 'video'] as const)(
    'goes on waiting for %s behind one who comes and sends no stream, and says so',
    async (kind) => {
      const port = await freePort();
      const address = `rtmp://127.0.0.1:${port}/live`;
      const hearing = graph('hearing');
      let frames = 0;
      const options = { audio: kind === 'audio', video: kind === 'video', timeoutMs: 1_000 };
      const media = fromLiveMedia(address, { listen: true, ...options });
      const sink = {
        next: (frame: AudioFrame | VideoFrame) => {
          frames++;
          frame.close();
        },
      };
      if (kind === 'audio') hearing.from(media.audio).to(sink);
      else hearing.from(media.video).to(sink);
      const ended = hearing.run();
      const errors = () => hearing.inspect().nodes.reduce((sum, node) => sum + node.errors, 0);
      await listening(port);
      // Whoever comes in the first 300 ms is taken for what keeps it from waiting there.
      await new Promise((resolve) => setTimeout(resolve, 400));
      await fetch(`http://127.0.0.1:${port}/`).catch(() => {});
      await vi.waitFor(() => expect(errors()).toBe(1), { timeout: 20_000 });
      await listening(port);
      const idle = connect(port, '127.0.0.1').on('error', () => {});
      await vi.waitFor(() => expect(errors()).toBe(2), { timeout: 20_000 });
      await listening(port);
      ffmpeg(...programme, '-t', '3', ...codecs, '-f', 'flv', address);
      await ended;
      idle.destroy();
      expect(frames).toBeGreaterThan(20);
      expect(JSON.stringify(hearing.inspect())).toContain('does not receive rtmp');
    },
  );

  it('goes on behind a program that stood still for longer than a stream may', async () => {
    const port = await freePort();
    const address = `rtmp://127.0.0.1:${port}/live`;
    const program = `import { fromLiveMedia } from '@sluice/plugin-ffmpeg';
      let [frames, enough] = [0, 20];
      fromLiveMedia('${address}', { listen: true, video: false, timeoutMs: 500 }).audio.subscribe({
        next(frame) {
          frame.close();
          if (++frames < enough) return;
          if (enough > 20) process.exit(0);
          enough = 120;
          for (const until = performance.now() + 1_000; performance.now() < until; );
        },
        error: (error) => process.exit(console.error(error.message) ?? 1),
      });`;
    const ended = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    await listening(port);
    ffmpeg('-re', '-f', 'lavfi', '-i', beeps, '-c:a', 'aac', '-f', 'flv', address);
    await ended;
  });

  it('leaves no ffmpeg behind that waits when the program ends', async () => {
    const port = await freePort();
    const program = `import { fromLiveMedia } from '@sluice/plugin-ffmpeg';
      fromLiveMedia('rtmp://127.0.0.1:${port}/live', { listen: true }).audio.subscribe();
      setTimeout(() => process.exit(0), 1_000);`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    await vi.waitFor(
      async () => {
        const again = createTcpServer().listen(port, '127.0.0.1');
        await once(again, 'listening');
        again.close();
      },
      { timeout: 10_000 },
    );
  });

  it('fails when the time of a stream stands still, as where it began anew', async () => {
    const server = createServer(async (_, response) => {
      const part = (seconds: number) =>
        ffmpeg('-re', '-f', 'lavfi', '-i', beeps, '-t', `${seconds}`, '-c:a', 'aac', '-f', 'flv', 'pipe:1');
      for await (const chunk of part(4).stdout!) response.write(chunk);
      let first = true;
      for await (const chunk of part(30).stdout!) {
        // Without the head, which stands at the beginning already.
        response.write(first ? chunk.subarray(13) : chunk);
        first = false;
      }
    });
    servers.add(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/live.flv`;
    const hearing = graph('hearing');
    const { audio } = fromLiveMedia(address, { video: false, timeoutMs: 2_000 });
    hearing.from(audio).to({ next: (frame: AudioFrame) => frame.close() });
    expect(await failureOf(hearing.run())).toMatchObject({ message: expect.stringMatching(/time stood still/) });
  });

  it('says what is missing, who does not send, and no key', async () => {
    const deaf = createTcpServer().listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const { port } = deaf.address() as AddressInfo;
    const failure = async (...[input, options]: Parameters<typeof fromLiveMedia>) => {
      const hearing = graph('hearing');
      hearing.from(fromLiveMedia(input, options).audio).to({ next: (frame: AudioFrame) => frame.close() });
      return failureOf(hearing.run());
    };
    const silent = await failure(`rtmp://user:secret@127.0.0.1:${port}/live/key`, { timeoutMs: 500 });
    expect(silent).toMatchObject({
      code: 'SLUICE_FFMPEG_FAILED',
      message: expect.stringMatching(/nothing came from rtmp:.* for 500 ms/),
    });
    deaf.close();
    const away = await failure(`rtmp://127.0.0.1:${await freePort()}/live/key`);
    expect(away).toMatchObject({
      code: 'SLUICE_FFMPEG_FAILED',
      message: expect.stringMatching(/does not receive rtmp:\/\/127/),
    });
    for (const error of [silent, away]) expect(inspect(error)).not.toMatch(/secret|key/);
    for (const input of ['rtmp://127.0.0.1:99999/live/key', 'srt://:9000?passphrase=key'])
      for (const refuse of [() => fromLiveMedia(input), () => toMedia(input)])
        expect(refuse).toThrow(/^(?!.*key).*a host/);
    const missing = await failure('udp://127.0.0.1:9', { program: 'no-such-ffmpeg' });
    expect(missing).toMatchObject({ code: 'SLUICE_FFMPEG_MISSING' });
    const pictures = ffmpeg('-re', '-f', 'lavfi', '-i', flashes, '-c:v', 'mpeg2video', '-f', 'mpegts', 'pipe:1');
    const server = createServer((_, response) => void pictures.stdout!.pipe(response));
    servers.add(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    const mute = await failure(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(mute).toMatchObject({ message: expect.stringMatching(/there is no sound in http:/) });
    const file = createServer((_, response) => {
      ffmpeg('-f', 'lavfi', '-i', beeps, '-t', '3', '-f', 'mp3', 'pipe:1').stdout!.pipe(response);
    });
    servers.add(file.listen(0, '127.0.0.1'));
    await once(file, 'listening');
    const past = await failure(`http://127.0.0.1:${(file.address() as AddressInfo).port}/song.mp3`, { video: false });
    expect(past).toMatchObject({ message: expect.stringMatching(/without being live.*fromMedia/) });
  });

  it.each([
    ['song.mp3', {}],
    ['file:///song.mp3', {}],
    ['concat:a|b', {}],
    ['udp://127.0.0.1:1', { listen: true }],
    ['rtmp://a/b', { audio: false, video: false }],
    ['rtmp://a/b', { timeoutMs: 1 }],
    ['rtmp://a/b', { listen: 1 as never }],
    ['rtmp://a/b', { startMs: 1 } as never],
  ])('refuses %s with %j at once', (input, options) => {
    expect(() => fromLiveMedia(input, options)).toThrow(/TypeError|RangeError|expected/);
  });
});
