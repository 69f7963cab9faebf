// Speech from a file, through a graph, over a call between two processes, and back into a file; with figures.
// --video: a test picture goes the same way, and some of what arrives is drawn on a contact sheet.
import { mkdirSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fromWavFile } from '@sluice/nodes';
import { firstValueFrom } from 'rxjs';
import { readMono } from '../read-mono.ts';
import { asset } from '../room.ts';
import type { BotProcess } from './bot-process.ts';
import { holdCall } from './call.ts';
import { compareAudio } from './compare-audio.ts';
import { Progress } from './progress.ts';
import { reportLines } from './report.ts';
import { testPicture } from './test-picture.ts';
import { faultsOf, pictureFaultsOf } from './verdict.ts';
import { drawWaveforms } from './waveform-picture.ts';

/** Rate at which both waveforms are compared, in Hz. */
const sampleRate = 16_000;
const { values, positionals } = parseArgs({ options: { video: { type: 'boolean' } }, allowPositionals: true });
const path = resolve(positionals[0] ?? asset('greeting.wav'));
const bots: BotProcess[] = [];

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.on(signal, () => quit(code));

const sent = await readMono(path, sampleRate).catch((error: Error) => quit(2, error.message));
if (sent.length === 0) quit(2, `${path} holds no audio`);
const { channels } = await firstValueFrom(fromWavFile(path));

const [received, picture, sheet] = ['received.wav', 'waveforms.png', 'contact-sheet.png'].map((name) =>
  resolve('out', name),
) as [string, string, string];
const pictures = values.video ? Math.ceil((sent.length / sampleRate) * testPicture.frameRate) : 0;
mkdirSync(resolve('out'), { recursive: true });
const progress = new Progress((sent.length * 1000) / sampleRate);
const call = await holdCall({
  path,
  channels: Math.min(channels, 2),
  received,
  pictures,
  sheet,
  progress,
  onBot: (bot) => bots.push(bot),
}).catch((error: Error) => quit(1, error.message));

const heard = await readMono(received, sampleRate);
const comparison = compareAudio(sent, heard, sampleRate);
const start = Math.max(0, comparison.lag);
writeFileSync(picture, drawWaveforms(sent, heard.subarray(start, start + sent.length), sampleRate));
const faults = [...faultsOf(comparison, heard), ...(call.seen ? pictureFaultsOf(call.seen, pictures) : [])];
const lines = reportLines({
  ...call,
  comparison,
  sentMs: (sent.length * 1000) / sampleRate,
  delayMs: call.offsetMs + (comparison.lag * 1000) / sampleRate,
  files: [received, picture, ...(call.seen ? [sheet] : [])].map((file) => relative('.', file)),
  faults,
});
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Ends every process of the demo. */
function quit(code: number, reason?: string): never {
  for (const bot of bots) bot.kill();
  if (reason !== undefined) process.stderr.write(`${reason}\n`);
  process.exit(code);
}
