import { execFile } from 'node:child_process';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { graph, micros, type VideoFrame, videoFrame, videoFramePool, withContext } from '@sluice/core';
import { ActorDouble, seededRandom, trackFrames } from '@sluice/core/testing';
import { fromTestPattern, type MjpegSink, readTestPattern, toFrames, toMjpeg } from '@sluice/nodes';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';

const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const size = { width: 320, height: 180 } as const;

const open: MjpegSink[] = [];
afterEach(async () => {
  for (const sink of open.splice(0)) {
    sink.complete();
    await sink.finished.catch(() => {});
  }
});

/** A monitor that listens already. */
async function monitor(options: Parameters<typeof toMjpeg>[0] = {}, context = new ActorDouble()) {
  const sink = toMjpeg(options);
  withContext(context, () => sink.next(still(0)));
  const url = await sink.url;
  open.push(sink);
  return { sink, url };
}

/** A frame of one grey. */
function still(level: number): VideoFrame {
  const frame = videoFramePool.frame({ width: 32, height: 18, format: 'RGB', timestamp: micros(0) });
  frame.data.fill(level);
  return frame;
}

async function patterns(frames: number): Promise<VideoFrame[]> {
  const sink = toFrames<VideoFrame>();
  fromTestPattern({ ...size, frames }).subscribe(sink);
  return sink.finished;
}

function get(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(new URL(path, url), { headers, method, agent: false }, resolve).on('error', reject).end();
  });
}

async function body(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The pictures of a stream as they come: each as soon as the boundary behind it is there. */
async function* pictures(response: IncomingMessage): AsyncGenerator<Buffer, void, undefined> {
  const [, boundary] = /^multipart\/x-mixed-replace; boundary=(.+)$/.exec(response.headers['content-type'] ?? '') ?? [];
  const line = `--${boundary}\r\n`;
  let rest = Buffer.alloc(0);
  let began = false;
  for await (const chunk of response) {
    rest = Buffer.concat([rest, chunk]);
    if (!began && rest.length >= line.length) {
      expect(rest.subarray(0, line.length).toString()).toBe(line);
      rest = rest.subarray(line.length);
      began = true;
    }
    for (;;) {
      const head = rest.indexOf('\r\n\r\n') + 4;
      if (!began || head < 4) break;
      const header = /^Content-Type: image\/jpeg\r\nContent-Length: (\d+)\r\n\r\n$/.exec(
        rest.toString('latin1', 0, head),
      );
      const end = head + Number(header![1]);
      if (rest.length < end + 2 + line.length) break;
      expect(rest.toString('latin1', end, end + 2 + line.length)).toBe(`\r\n${line}`);
      yield rest.subarray(head, end);
      rest = rest.subarray(end + 2 + line.length);
    }
  }
  expect(rest).toHaveLength(0);
}

async function decoded(jpeg: Uint8Array): Promise<VideoFrame> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return videoFrame({ width, height, format: 'RGB', timestamp: micros(0), data: Uint8Array.from(data) });
}

async function numberOf(jpeg: Uint8Array): Promise<number | undefined> {
  const frame = await decoded(jpeg);
  const reading = readTestPattern(frame);
  frame.close();
  return reading?.frameNumber;
}

async function levelOf(jpeg: Uint8Array): Promise<number> {
  const frame = await decoded(jpeg);
  const [level] = frame.data;
  frame.close();
  return level!;
}

describe('toMjpeg', () => {
  it('shows each picture of a slow pipeline to several viewers, in order', async () => {
    using tracker = trackFrames();
    const { sink, url } = await monitor();
    const viewers = await Promise.all([1, 2, 3].map(async () => pictures(await get(url, 'stream'))));
    const seen: (number | undefined)[][] = [[], [], []];
    for (const viewer of viewers) await viewer.next();
    for (const frame of await patterns(5)) {
      sink.next(frame);
      for (const [index, viewer] of viewers.entries())
        seen[index]!.push(await numberOf((await viewer.next()).value as Buffer));
    }
    expect(seen).toEqual(Array(3).fill([0, 1, 2, 3, 4]));
    expect(sink.statistics()).toEqual({ received: 6, encoded: 6, skipped: 0, sent: 18, dropped: 0, viewers: 3 });
    sink.complete();
    for (const viewer of viewers) expect(await viewer.next()).toEqual({ done: true, value: undefined });
    expect(await sink.finished).toMatchObject({ received: 6, encoded: 6, sent: 18, viewers: 0 });
    tracker.assertNone();
  });

  it('shows the last of what came at once, and skips what came in between', async () => {
    const { sink, url } = await monitor();
    const viewer = pictures(await get(url, 'stream'));
    await viewer.next();
    for (const frame of await patterns(40)) sink.next(frame);
    sink.complete();
    const numbers: (number | undefined)[] = [];
    for await (const jpeg of viewer) numbers.push(await numberOf(jpeg));
    expect(numbers.at(-1)).toBe(39);
    expect(numbers).toEqual([...numbers].sort((a, b) => a! - b!));
    const { received, encoded, skipped } = await sink.finished;
    expect(received).toBe(41);
    expect(encoded + skipped).toBe(41);
    expect(skipped).toBeGreaterThan(30);
  });

  it('encodes nothing while nobody looks, and shows the last picture to whoever comes', async () => {
    using tracker = trackFrames();
    const { sink, url } = await monitor();
    for (const level of [50, 100, 150]) sink.next(still(level));
    expect(sink.statistics()).toMatchObject({ received: 4, encoded: 0, skipped: 0 });
    expect(tracker.open).toBe(1);
    for (let newcomer = 0; newcomer < 2; newcomer++) {
      const response = await get(url, 'stream');
      const { value } = await pictures(response).next();
      expect(Math.abs((await levelOf(value as Buffer)) - 150)).toBeLessThan(4);
      response.destroy();
    }
    expect(sink.statistics()).toMatchObject({ encoded: 1, sent: 2 });
    await expect.poll(() => sink.statistics().viewers).toBe(0);
    sink.next(still(7));
    expect(sink.statistics().encoded).toBe(1);
    sink.complete();
    await sink.finished;
    tracker.assertNone();
  });

  it('gives one picture, and a page with a title that cannot break it', async () => {
    const { sink, url } = await monitor({ title: '<b>"Mine" & yours' });
    sink.next(still(90));
    const picture = await get(url, 'picture.jpg?now');
    expect(picture.headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'no-store' });
    expect(Math.abs((await levelOf(await body(picture))) - 90)).toBeLessThan(4);
    const page = await get(url, '');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'; img-src 'self'"),
      'cross-origin-resource-policy': 'same-origin',
    });
    const html = String(await body(page));
    expect(html).toContain('<title>&#60;b&#62;&#34;Mine&#34; &#38; yours</title>');
    expect(html).toContain('<img src="stream"');
    expect(sink.statistics()).toMatchObject({ encoded: 1, sent: 1 });
  });

  it('is never held back by a viewer that does not read; others see everything', async () => {
    using tracker = trackFrames();
    const context = new ActorDouble();
    const { sink, url } = await monitor({ quality: 100 }, context);
    const { hostname, port } = new URL(url);
    const stuck = connect(Number(port), hostname);
    stuck.pause();
    stuck.write('GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const viewer = pictures(await get(url, 'stream'));
    await expect.poll(() => sink.statistics().viewers).toBe(2);
    await viewer.next();
    const random = seededRandom(1);
    const noise = videoFramePool.frame({ width: 1_280, height: 720, format: 'RGB', timestamp: micros(0) });
    for (let index = 0; index < noise.data.length; index++) noise.data[index] = 256 * random();
    let shown = 0;
    // What the system takes for the one that is stuck is a matter of megabytes.
    while (sink.statistics().dropped < 3 && shown < 100) {
      sink.next(noise.clone());
      await viewer.next();
      shown++;
    }
    const { dropped, skipped, encoded } = sink.statistics();
    expect(dropped).toBe(3);
    expect([skipped, encoded]).toEqual([0, shown + 1]);
    noise.close();
    sink.complete();
    expect((await viewer.next()).done).toBe(true);
    await expect.poll(() => sink.statistics().viewers).toBe(1);
    // The one that is stuck is given up after a second.
    await context.clock.advance(999);
    expect(sink.statistics().viewers).toBe(1);
    await context.clock.advance(1);
    expect(await sink.finished).toMatchObject({ viewers: 0 });
    stuck.destroy();
    tracker.assertNone();
  });

  it('reports a picture that cannot be encoded, and shows the next one', async () => {
    using tracker = trackFrames();
    const context = new ActorDouble();
    const { sink, url } = await monitor({}, context);
    const viewer = pictures(await get(url, 'stream'));
    await viewer.next();
    const gone = still(1);
    structuredClone(gone.data.buffer, { transfer: [gone.data.buffer] });
    sink.next(gone);
    await expect.poll(() => context.reports).toEqual([expect.objectContaining({ code: 'SLUICE_IMAGE_ENCODE' })]);
    sink.next(still(2));
    expect((await viewer.next()).done).toBe(false);
    sink.complete();
    await sink.finished;
    tracker.assertNone();
    videoFramePool.clear();
  });

  it('works in a graph: listens before the first frame, and closes the port behind the last', async () => {
    using tracker = trackFrames();
    const show = graph('show');
    const sink = toMjpeg();
    show.from(fromTestPattern({ ...size, frames: 5 })).to(sink);
    await show.run();
    expect((await sink.finished).received).toBe(5);
    await expect(get(await sink.url, '')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    tracker.assertNone();
  });

  it('keeps no program from ending that leaves it open', async () => {
    const program = `
      const { fromImage, toMjpeg } = await import(${JSON.stringify(built)});
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>';
      const sink = toMjpeg();
      const subscription = fromImage(Buffer.from(svg)).subscribe({ next: (frame) => {
        sink.next(frame);
        subscription.unsubscribe();
      } });
      console.log(await sink.url);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
  });

  it('closes everything when the stream breaks', async () => {
    using tracker = trackFrames();
    const { sink, url } = await monitor();
    const response = await get(url, 'stream');
    const closed = new Promise((resolve) => response.on('close', resolve));
    response.on('error', () => {}).resume();
    for (const frame of await patterns(3)) sink.next(frame);
    sink.error(new Error('broken'));
    await expect(sink.finished).rejects.toThrow('broken');
    await closed;
    await expect(get(url, '')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    tracker.assertNone();
  });
});

describe('toMjpeg, who may look', () => {
  it('answers addresses of this machine and localhost, and no name that points here', async () => {
    const { url } = await monitor({ hosts: ['Camera.local'] });
    const status = async (host: string, path = '') => {
      const response = await get(url, path, { host });
      response.destroy();
      return response.statusCode;
    };
    for (const host of ['localhost', 'localhost:1234', '127.0.0.1', '[::1]:80', 'camera.local'])
      expect([host, await status(host)]).toEqual([host, 200]);
    for (const path of ['', 'stream', 'picture.jpg', 'other'])
      for (const host of ['rebound.example', 'rebound.example:80', '10.0.0.1', 'localhost.rebound.example'])
        expect([host, await status(host, path)]).toEqual([host, 421]);
  });

  it('answers any address, and only known names, beyond loopback', async () => {
    const { url } = await monitor({ host: '0.0.0.0', insecure: true, hosts: ['camera.local'] });
    const here = url.replace('0.0.0.0', '127.0.0.1');
    const status = async (host: string) => (await get(here, '', { host })).resume().statusCode;
    expect(await status('10.1.2.3:80')).toBe(200);
    expect(await status('camera.local')).toBe(200);
    expect(await status('rebound.example')).toBe(421);
  });

  it('knows three paths and two methods', async () => {
    const { url } = await monitor();
    expect((await get(url, 'favicon.ico')).resume().statusCode).toBe(404);
    expect((await get(url, '../../etc/passwd')).resume().statusCode).toBe(404);
    const posted = (await get(url, 'stream', {}, 'POST')).resume();
    expect([posted.statusCode, posted.headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('answers HEAD with the headers of GET and no body, and makes no picture for it', async () => {
    const { sink, url } = await monitor({ maxViewers: 1 });
    const heads = async () => {
      const answers: IncomingMessage[] = [];
      for (const path of ['', 'stream', 'picture.jpg', 'other']) answers.push(await get(url, path, {}, 'HEAD'));
      for (const answer of answers) expect(await body(answer)).toHaveLength(0);
      return answers.map(({ statusCode, headers }) => [statusCode, headers['content-type']]);
    };
    const stream = await get(url, 'stream');
    const page = await get(url, '');
    const types = [page.headers['content-type'], stream.headers['content-type'], 'image/jpeg', 'text/plain'];
    expect((await get(url, '', {}, 'HEAD')).headers['content-length']).toBe(String((await body(page)).length));
    // Who may not look learns it from HEAD as well.
    expect((await heads()).map(([status]) => status)).toEqual([200, 503, 503, 404]);
    stream.destroy();
    await expect.poll(() => sink.statistics().viewers).toBe(0);
    const { encoded, sent } = sink.statistics();
    expect(await heads()).toEqual([200, 200, 200, 404].map((status, i) => [status, types[i]]));
    expect(sink.statistics()).toMatchObject({ encoded, sent, viewers: 0 });
    expect((await get(url, '', { host: 'rebound.example' }, 'HEAD')).statusCode).toBe(421);
  });

  it('turns away more viewers than it may have, until one goes', async () => {
    const { sink, url } = await monitor({ maxViewers: 2 });
    const [first] = await Promise.all([get(url, 'stream'), get(url, 'stream')]);
    expect((await get(url, 'stream')).resume().statusCode).toBe(503);
    expect((await get(url, 'picture.jpg')).resume().statusCode).toBe(503);
    expect((await get(url, '')).resume().statusCode).toBe(200);
    first.destroy();
    await expect.poll(() => sink.statistics().viewers).toBe(1);
    const another = await get(url, 'stream');
    expect(another.statusCode).toBe(200);
    another.destroy();
  });

  it('says that a port is taken, to the graph and to who waits for the address', async () => {
    using tracker = trackFrames();
    const { url } = await monitor();
    const port = Number(new URL(url).port);
    const show = graph('show');
    const sink = toMjpeg({ port });
    const address = sink.url;
    show.from(fromTestPattern({ ...size, frames: 3 })).to(sink);
    const fault = { code: 'SLUICE_MJPEG_LISTEN', message: expect.stringContaining(`127.0.0.1:${port}`) };
    await Promise.all([expect(show.run()).rejects.toMatchObject(fault), expect(address).rejects.toMatchObject(fault)]);
    expect(tracker.open).toBe(1);
  });
});
