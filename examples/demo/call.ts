import { setTimeout as sleep } from 'node:timers/promises';
import { startRoomServer } from '@sluice/transport';
import { BotProcess } from './bot-process.ts';
import { type CpuTime, cpuTime } from './cpu-time.ts';
import type { Seen } from './messages.ts';
import type { Progress } from './progress.ts';
import type { Load } from './report.ts';

/** The receiver's jitter buffer finds its size in the first moments of a call, stretching and shortening sound. */
const SETTLE_MS = 2_000;
/** What was spoken last is on its way for so long, at most. */
const TAIL_MS = 500;
const SETUP_MS = 30_000;
const LONGEST_SPEECH_MS = 24 * 3_600_000;

export interface CallOptions {
  /** The file that is spoken. */
  readonly path: string;
  readonly channels: number;
  /** The file that what is heard is written to. */
  readonly received: string;
  /** How many pictures are sent with it; 0: none. */
  readonly pictures: number;
  /** The file that some of the pictures that arrive are drawn into. */
  readonly sheet: string;
  readonly progress: Progress;
  /** Gets each bot when it has started. */
  readonly onBot: (bot: BotProcess) => void;
}

export interface CallFigures {
  /** From leaving the microphone to the start of the recording; add where the sound is in the recording. */
  readonly offsetMs: number;
  readonly underruns: number;
  readonly seen: Seen | undefined;
  /** Of the pictures at the camera, from the sound at the microphone. */
  readonly skewMs: { readonly p50: number; readonly p99: number } | undefined;
  readonly speaker: Load | undefined;
  readonly listener: Load | undefined;
}

/** Speaks a file in one process, and records what is heard in another. */
export async function holdCall(options: CallOptions): Promise<CallFigures> {
  const { path, received, sheet, progress, onBot } = options;
  await using server = await startRoomServer();
  const url = server.roomUrl('demo');
  const [channels, pictures] = [String(options.channels), String(options.pictures)];
  const listener = new BotProcess('the listener bot', 'listener-bot.ts', [url, received, channels, pictures, sheet]);
  onBot(listener);
  const speaker = new BotProcess('the speaker bot', 'speaker-bot.ts', [url, path, channels, pictures]);
  onBot(speaker);
  speaker.onMessage((message) => {
    if (message.type === 'progress') progress.update(message.mediaMs, message.levelDb);
  });
  progress.step(`room ${url}`);
  await Promise.all([listener.told('joined', SETUP_MS), speaker.told('joined', SETUP_MS)]);
  progress.step(`speaker bot (process ${speaker.pid}) and listener bot (process ${listener.pid}) are in the room`);
  await listener.told('hearing', SETUP_MS);
  await sleep(SETTLE_MS);

  const begun = process.hrtime.bigint();
  const before = [cpuTime(speaker.pid), cpuTime(listener.pid)];
  speaker.tell({ type: 'speak' });
  const spoken = await Promise.race([speaker.told('spoken', LONGEST_SPEECH_MS), listener.failure()]);
  await sleep(TAIL_MS);
  progress.end();
  const after = [cpuTime(speaker.pid), cpuTime(listener.pid)];
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;

  listener.tell({ type: 'stop' });
  const heard = await listener.told('heard', SETUP_MS);
  speaker.tell({ type: 'stop' });
  await Promise.all([listener.ended(SETUP_MS), speaker.ended(SETUP_MS)]);
  return {
    offsetMs: heard.startedAt - spoken.startedAt,
    underruns: spoken.underruns,
    seen: heard.seen,
    skewMs: spoken.skewMs,
    speaker: load(before[0], after[0], seconds),
    listener: load(before[1], after[1], seconds),
  };
}

function load(before: CpuTime | undefined, after: CpuTime | undefined, seconds: number): Load | undefined {
  if (before === undefined || after === undefined) return undefined;
  return { own: (after.own - before.own) / seconds, engine: (after.children - before.children) / seconds };
}
