// A tone that says so with each frame, and that nobody ends.
import { graph } from '@sluice/core';
import type { SessionEnv } from '@sluice/core/session';
import { fromTone, tap, toNull } from '@sluice/nodes';

export default (env: SessionEnv) => {
  const bot = graph('prints', { clock: env.clock, random: env.random });
  bot
    .from(env.source('in', () => fromTone({ live: true })))
    .pipe(tap(() => console.log('a line')))
    .to(env.sink('out', () => toNull()));
  return bot;
};
