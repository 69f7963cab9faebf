import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cleanestTone, Smoke } from '../smoke.ts';

let smoke: Smoke;
let encoder: ChildProcess | undefined;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(async () => {
  encoder?.removeAllListeners('exit').kill('SIGKILL');
  await smoke.close();
});

/** Sends, and tries again where nobody listens yet, as OBS does. */
function send(args: readonly string[]): void {
  encoder = spawn('ffmpeg', args).once('exit', (code) => {
    if (code !== 0) setTimeout(send, 200, args);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

it('is heard and seen in the room, and ends with the stream', async () => {
  const heard = smoke.hear();
  const sight = smoke.see();
  const gone = smoke.departure();
  const host = `127.0.0.1:${await freePort()}`;
  const run = smoke.start('32-live-stream', host);
  const address = await run.told(/send to (\S+)/);
  expect(address).toBe(`rtmp://${host}/live`);
  const size = 's=640x360:r=25';
  const sources = ['-f', 'lavfi', '-i', `color=gray:${size}`, '-re', '-f', 'lavfi', '-i', 'sine=f=440:r=44100'];
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25', '-c:a', 'aac'];
  send(['-nostdin', '-v', 'error', '-re', ...sources, ...codecs, '-f', 'flv', address]);
  await sight.until(({ data }) => Math.abs(data[0]! - 126) < 6);
  await heard.reached(3);
  encoder!.removeAllListeners('exit').kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  expect(await gone).toBe('leftCall');
  expect(run.said).toMatch(/\d{2,} pictures, \d+ dropped; skew p50/);
  const { frequency, snr } = cleanestTone(heard.trimmed(), heard.sampleRate, 440);
  expect(frequency).toBeCloseTo(440, 0);
  expect(snr).toBeGreaterThan(20);
});
