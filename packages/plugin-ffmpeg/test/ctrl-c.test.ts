import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'sluice-ctrl-c-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file in real time until Ctrl-C, and a moment more, as somebody does who says goodbye. */
const program = `
import { AudioFrame } from '@sluice/core';
import { toMedia } from '@sluice/plugin-ffmpeg';
import { interval, map } from 'rxjs';

const file = toMedia(process.argv[1], { channels: 1 });
const samples = () => new Int16Array(960).fill(1_000);
const frames = interval(20).pipe(
  map((at) => new AudioFrame({ samples: samples(), sampleRate: 48_000, channels: 1, timestamp: at * 20_000 })),
);
const writing = frames.subscribe(file);
process.once('SIGINT', () => setTimeout(() => writing.unsubscribe(), 200));
setTimeout(() => console.log('writes'), 300);
console.log((await file.finished).samples);
`;

it.runIf(process.platform !== 'win32')(
  'the Ctrl-C of a terminal, which every process of a group gets, ends a file when its writer does',
  async () => {
    const path = join(folder, 'a.m4a');
    const args = ['--input-type=module', '-e', program, path];
    // A group of its own, as a shell makes one for what is typed.
    const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    child.stdout.on('data', (text) => (told += text));
    while (!told.includes('writes')) await once(child.stdout, 'data');
    process.kill(-child.pid!, 'SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
    const samples = Number(told.split('\n')[1]);
    const decoded = execFileSync('ffmpeg', ['-nostdin', '-v', 'quiet', '-i', path, '-f', 's16le', 'pipe:1']);
    expect(decoded.length / 2 - samples).toBeGreaterThanOrEqual(0);
    expect(decoded.length / 2 - samples).toBeLessThan(1_024);
  },
);
