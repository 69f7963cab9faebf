import type { Sightings } from './picture-watch.ts';

/** What the demo tells its bots. */
export type BotCommand = { readonly type: 'speak' } | { readonly type: 'stop' };

/** What the bots tell the demo. Times are milliseconds of the machine's monotonic clock, the same in every process. */
export type BotMessage =
  | { readonly type: 'joined' }
  /** The listener gets media of the speaker. */
  | { readonly type: 'hearing' }
  | { readonly type: 'progress'; readonly mediaMs: number; readonly levelDb: number }
  | SpeakerDone
  | ListenerDone
  | { readonly type: 'failed'; readonly message: string };

export interface SpeakerDone {
  readonly type: 'spoken';
  /** When the first sample left the microphone. */
  readonly startedAt: number;
  readonly underruns: number;
  /** How far pictures were from the sound when they were shown, in milliseconds; undefined without pictures. */
  readonly skewMs: { readonly p50: number; readonly p99: number } | undefined;
}

export interface ListenerDone {
  readonly type: 'heard';
  /** When the first sample of the recording was heard. */
  readonly startedAt: number;
  /** Holes that the speaker device noticed. */
  readonly deviceGaps: number;
  /** Undefined without pictures. */
  readonly seen: Seen | undefined;
}

/** What came of the pictures that were sent. */
export interface Seen extends Sightings {
  /** How alike the pictures on the contact sheet are to those that were sent, in dB. */
  readonly psnrDb: readonly number[];
}

/** Milliseconds of the monotonic clock, comparable between the processes of one machine. */
export function machineTime(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

export function tellDemo(message: BotMessage): void {
  process.send?.(message);
}

/** Resolves when the demo gives this command. */
export function command(type: BotCommand['type']): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message: BotCommand) => {
      if (message.type === type) resolve();
    });
  });
}

/** Runs a bot: what it throws is told, and it does not survive the demo. */
export async function runBot(bot: () => Promise<void>): Promise<void> {
  process.on('disconnect', () => process.exit(1));
  // A terminal sends Ctrl-C to every process; the demo decides.
  process.on('SIGINT', () => {});
  try {
    await bot();
  } catch (error) {
    tellDemo({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
  }
  process.disconnect();
}
