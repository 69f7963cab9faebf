import type { LinkSnapshot, NodeSnapshot } from '@sluice/core';
import { expect, it } from 'vitest';
import { lossesOf } from './losses.ts';

const link = (given: Partial<LinkSnapshot> = {}) =>
  ({
    id: 'mic > ear',
    from: 'mic',
    to: 'ear',
    policy: 'drop-oldest',
    frames: 50,
    droppedFrames: 3,
    droppedMs: 60,
    ...given,
  }) as LinkSnapshot;
const node = (id: string, slowest = 0, given: Partial<NodeSnapshot> = {}) =>
  ({ id, state: 'running', processing: { slowest }, ...given }) as NodeSnapshot;

it('finds nothing where nothing was lost', () => {
  const whole = { nodes: [node('mic'), node('ear')], links: [link({ droppedFrames: 0, droppedMs: 0 })] };
  expect(lossesOf(whole)).toEqual({ droppedFrames: 0, gaps: 0, problems: [] });
});

it.each([
  ['the receiver', [node('mic'), node('ear')], '`ear` takes frames more slowly than they come'],
  ['who held the loop', [node('mic'), node('ear'), node('vad', 38_200)], '`vad` held the event loop for 38 ms'],
  ['who is down', [node('mic'), node('ear', 0, { state: 'down' })], '`ear` is down'],
])('names %s as the culprit', (_who, nodes, culprit) => {
  const { droppedFrames, problems } = lossesOf({ nodes, links: [link()] });
  expect(droppedFrames).toBe(3);
  expect(problems.map(({ message }) => message)).toEqual([
    `\`mic\` dropped 3 of 50 frames (60 ms, drop-oldest) before \`ear\`: ${culprit}`,
  ]);
});

it('counts gaps of ends', () => {
  const glitches = { gaps: 2, gapMs: 31 } as NonNullable<NodeSnapshot['glitches']>;
  expect(lossesOf({ nodes: [node('speaker', 0, { glitches })], links: [] })).toMatchObject({
    droppedFrames: 0,
    gaps: 2,
    problems: [{ message: '`speaker` broke off 2 times, for 31 ms' }],
  });
});
