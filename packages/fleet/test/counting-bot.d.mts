import type { BotFactory } from '@sluice/fleet';

export function countingBot(say: (said: { job: string; n: number; lease: number }) => void): BotFactory;
