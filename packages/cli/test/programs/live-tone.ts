// A program: two seconds of a tone in its own time, into whatever its surroundings give.
import { graph } from '@sluice/core';
import type { SessionEnv } from '@sluice/core/session';
import { fromTone, toNull } from '@sluice/nodes';

export default (env: SessionEnv) => {
  const tone = graph('live-tone', { clock: env.clock, random: env.random });
  tone.from(fromTone({ frequency: 440, dBFS: -6, duration: 2, live: true })).to(env.sink('out', () => toNull()));
  return tone;
};
