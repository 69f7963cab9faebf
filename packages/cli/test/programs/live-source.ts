// A live source that is taken through `env`, and a sink that is not.
import { graph } from '@sluice/core';
import type { SessionEnv } from '@sluice/core/session';
import { fromTone, toNull } from '@sluice/nodes';

export default (env: SessionEnv) => {
  const tone = graph('live-source', { clock: env.clock, random: env.random });
  tone.from(env.source('tone', () => fromTone({ frequency: 440, live: true }))).to(toNull());
  return tone;
};
