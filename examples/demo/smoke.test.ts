import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromWavFile, toWavFile } from '@sluice/nodes';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asset } from '../room.ts';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

/** Whether every process of the demo has ended, within 2 s. */
async function isGone(group: number): Promise<boolean> {
  for (let attempt = 0; attempt < 40 && runs(group); attempt++) await sleep(50);
  return !runs(group);
}

/** Whether a process of the group runs. One that has ended and waits for init to take note of it does not. */
function runs(group: number): boolean {
  if (existsSync('/proc/self/stat')) return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && runsIn(pid, group));
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

/** `/proc/<pid>/stat`: state, parent and group follow the name, which ends with the last parenthesis. */
function runsIn(pid: string, group: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state !== 'Z' && Number(processGroup) === group;
  } catch {
    // It has gone while we looked.
    return false;
  }
}

it('hears what was sent, and shows it', async () => {
  const short = toWavFile(join(smoke.directory, 'short.wav'));
  fromWavFile(asset('greeting.wav'), { end: 2.5 }).subscribe(short);
  await short.finished;
  const run = smoke.startAlone('demo', 'short.wav');
  const code = await run.ended();
  const report = run.output.toString();
  expect(code, report + run.said).toBe(0);
  for (const row of ['one-way delay', 'gaps', 'longest gap', 'SNR after alignment', 'underruns', 'CPU, speaker bot'])
    expect(report).toContain(row);
  expect(report).toContain('What was heard is what was sent.');
  const picture = PNG.sync.read(readFileSync(join(smoke.directory, 'out/waveforms.png')));
  expect(picture.width).toBe(1_600);
  expect(await isGone(run.child.pid!)).toBe(true);
});

it('sees what was sent as well, and draws a contact sheet of it', async () => {
  const short = toWavFile(join(smoke.directory, 'short.wav'));
  fromWavFile(asset('greeting.wav'), { end: 2.5 }).subscribe(short);
  await short.finished;
  const run = smoke.startAlone('demo', '--video', 'short.wav');
  const code = await run.ended();
  const report = run.output.toString();
  expect(code, report + run.said).toBe(0);
  for (const row of ['pictures', 'PSNR of pictures', 'lip sync']) expect(report).toContain(row);
  expect(report).toContain('What was heard and seen is what was sent.');
  const sheet = PNG.sync.read(readFileSync(join(smoke.directory, 'out/contact-sheet.png')));
  // Four columns of 320 pixels, with their margins.
  expect(sheet.width).toBe(1_432);
});

it('leaves no process behind at Ctrl-C', async () => {
  const run = smoke.startAlone('demo');
  while (!run.output.toString().includes('spoken 1.0')) await sleep(50);
  expect(runs(run.child.pid!)).toBe(true);
  run.child.kill('SIGINT');
  expect(await run.ended()).toBe(130);
  expect(await isGone(run.child.pid!)).toBe(true);
});

it('says what is wrong with a file', async () => {
  writeFileSync(join(smoke.directory, 'text.wav'), 'not a WAV file');
  const runs = ['text.wav', 'missing.wav'].map((file) => smoke.startAlone('demo', file));
  for (const run of runs) {
    expect(await run.ended()).toBe(2);
    expect(run.said).toMatch(/not a WAV file|cannot be opened/);
    expect(run.said).not.toMatch(/\n\s+at /);
  }
});
