// A tone that is made softer: `sluice run __FILE__.ts` hears it in its own time, `sluice render` writes it into a file.
import { graph } from '@sluice/core';
import type { SessionEnv } from '@sluice/core/session';
import { fromTone, gain, toNull } from '@sluice/nodes';

export default (env: SessionEnv) => {
  const bot = graph('__FILE__', { clock: env.clock, random: env.random });
  bot
    // What comes from outside goes through env, so that `sluice run --record` has it and `sluice replay` gives it again.
    .from(env.source('in', () => fromTone({ frequency: 440, dBFS: -6, duration: 2, live: true })))
    .pipe(gain({ db: -6 }))
    .to(env.sink('out', () => toNull()));
  return bot;
};
