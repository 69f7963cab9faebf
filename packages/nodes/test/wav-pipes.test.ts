import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AudioFrame, graph } from '@sluice/core';
import { measureTone, samplesOf } from '@sluice/core/testing';
import { fromPcm, fromWav, fromWavFile, toFrames, toWavFile } from '@sluice/nodes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTools } from './with-tools.ts';

const greeting = fileURLToPath(new URL('../../../examples/assets/greeting.wav', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-wav-pipes-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function collect(source: ReturnType<typeof fromWav>): Promise<AudioFrame[]> {
  const sink = toFrames<AudioFrame>();
  source.subscribe(sink);
  return sink.finished;
}

/** SoX, whose standard output is not awaited by anybody else. */
function sox(...args: string[]): ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> } {
  return spawn('sox', args, { stdio: ['ignore', 'pipe', 'ignore'] }) as never;
}

async function exit(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

describe('fromWav, from children', () => {
  withTools('sox')('reads what SoX writes into a pipe, in any encoding', async () => {
    const tone = [
      '-n',
      '-D',
      '-r',
      '8000',
      '-c',
      '2',
      '-b',
      '16',
      '-t',
      'wav',
      '-',
      'synth',
      '1.5',
      'sine',
      '440',
      'gain',
      '-6',
    ];
    for (const encoding of [
      [],
      ['-b', '24'],
      ['-b', '8'],
      ['-e', 'float'],
      ['-e', 'a-law'],
      ['-e', 'ima-adpcm'],
      ['-e', 'ms-adpcm'],
    ]) {
      const first = sox(...tone);
      const child = spawn('sox', ['-D', '-t', 'wav', '-', ...encoding, '-t', 'wav', '-'], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      first.stdout.pipe(child.stdin);
      const frames = await collect(fromWav(child.stdout));
      const [left, right] = [samplesOf(frames, 0), samplesOf(frames, 1)];
      // The last block of ADPCM is padded, and a pipe does not tell by how much.
      expect([encoding, left.length >= 12_000 && left.length < 12_600]).toEqual([encoding, true]);
      expect(measureTone(left.subarray(0, 12_000), 8_000, 440).snr).toBeGreaterThan(20);
      expect(right.length).toBe(left.length);
      expect(await exit(child)).toBe(0);
    }
  });

  withTools('espeak-ng')('plays a speech synthesizer, as the file it writes', async () => {
    const said = (text: string) => spawn('espeak-ng', ['--stdout', text], { stdio: ['ignore', 'pipe', 'inherit'] });
    const frames = await collect(fromWav(said('Hello, this is a pipe.').stdout));
    const path = join(folder, 'said.wav');
    execFileSync('espeak-ng', ['-w', path, 'Hello, this is a pipe.']);
    const file = await collect(fromWavFile(path));
    expect(frames.map((frame) => frame.samples)).toEqual(file.map((frame) => frame.samples));
    expect(frames[0]!.sampleRate).toBe(22_050);
  });

  withTools('sox')('ends a child that is left early', async () => {
    const child = sox('-n', '-r', '48000', '-t', 'wav', '-', 'synth', '100000', 'sine', '440');
    const play = graph('early');
    play.from(fromWav(child.stdout)).to(toFrames({ limit: 20 }));
    await expect(play.run()).rejects.toMatchObject({ code: 'SLUICE_FRAMES_LIMIT' });
    await exit(child);
    // By a signal, or of its own accord, which SoX calls a success.
    expect(child.exitCode ?? child.signalCode).toBeOneOf([0, 'SIGPIPE']);
  });

  withTools('sox')('refuses it as raw samples', async () => {
    const child = sox('-n', '-r', '8000', '-t', 'wav', '-', 'synth', '1', 'sine', '440');
    await expect(collect(fromPcm(child.stdout, { sampleRate: 8_000 }))).rejects.toMatchObject({
      code: 'SLUICE_PCM_HEADER',
    });
  });
});

it('reads the body of an HTTP response, and adapts a graph to it', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/greeting.wav')
      spawn('cat', [greeting], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout.pipe(response);
    else response.writeHead(404).end('no such file');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    const { body } = await fetch(`${address}greeting.wav`);
    const frames = await collect(fromWav(body!));
    const expected = await collect(fromWavFile(greeting));
    expect(frames.map((frame) => frame.samples)).toEqual(expected.map((frame) => frame.samples));

    const answer = await fetch(`${address}greeting.wav`);
    const path = join(folder, 'http.wav');
    const play = graph('http');
    const sink = toWavFile(path, { sampleRate: 48_000, channels: 2 });
    play.from(fromWav(answer.body!)).to(sink);
    await play.run();
    const samples = expected.reduce((sum, frame) => sum + frame.length, 0);
    expect(await sink.finished).toMatchObject({ sampleRate: 48_000, channels: 2, samples: 3 * samples });

    const missing = await fetch(`${address}other`);
    await expect(collect(fromWav(missing.body!))).rejects.toMatchObject({ code: 'SLUICE_WAV_NOT_WAV' });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
