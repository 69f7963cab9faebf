import { expect, it } from 'vitest';
import { RawAgent } from './raw-agent.ts';
import type { RawPeer } from './raw-peer.ts';
import { toneSlices } from './tone-slices.ts';

/** An agent whose peer keeps what is sent. */
function agentThatKeeps(): { readonly agent: RawAgent; readonly sent: Int16Array[] } {
  const sent: Int16Array[] = [];
  const peer = { write: (samples: Int16Array) => void sent.push(samples) } as unknown as RawPeer;
  return { agent: new RawAgent(peer), sent };
}

it('says what it hears 60 ms later, sample by sample, and waits for as much again when it has run dry', () => {
  const { agent, sent } = agentThatKeeps();
  const slices = toneSlices(440, 10);
  for (const samples of slices.slice(0, 20)) {
    agent.hear({ samples, sampleRate: 48_000 });
    agent.speak();
  }
  const silence = new Int16Array(480);
  expect(sent.slice(0, 5)).toEqual(Array(5).fill(silence));
  expect(sent.slice(5)).toEqual(slices.slice(0, 15));
  for (let count = 0; count < 6; count++) agent.speak();
  expect(sent.slice(20)).toEqual([...slices.slice(15, 20), silence]);
  for (const samples of slices.slice(0, 4)) agent.hear({ samples, sampleRate: 48_000 });
  agent.speak();
  expect(sent.at(-1)).toEqual(silence);
});

it('measures the level of each 100 ms', () => {
  const { agent } = agentThatKeeps();
  for (const samples of toneSlices(440, 10).slice(0, 10)) agent.hear({ samples, sampleRate: 48_000 });
  expect(agent.level.peakDb).toBeCloseTo(-12.25, 1);
  expect(agent.level.rmsDb).toBeCloseTo(-15.26, 1);
});
