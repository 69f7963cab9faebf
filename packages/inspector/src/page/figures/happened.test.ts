import type { TalkEntry, TalkLine, TalkMark } from '@sluice/core/voice';
import { expect, it } from 'vitest';
import type { InspectEvent } from '../../protocol/messages.ts';
import { happenedIn } from './happened.ts';
import { talkPicture } from './talk-picture.ts';

const line = (id: string, who: 'person' | 'agent', startMs: number, endMs?: number): TalkLine => ({
  type: 'line',
  id,
  who,
  text: id,
  words: [],
  startMs,
  ...(endMs === undefined ? {} : { endMs }),
});
const turn = (number: number): TalkEntry => ({
  type: 'turn',
  asked: `t${number}`,
  reply: `r${number}`,
  interrupted: false,
  steps: [],
});
const mark = (kind: TalkMark['kind'], atMs: number): TalkMark => ({ type: 'mark', kind, text: 'by person', atMs });
const event = (t: number, told: Partial<InspectEvent>): InspectEvent => ({
  type: 'event',
  t,
  graph: 1,
  kind: 'error',
  text: 'it failed',
  ...told,
});

it('gives an exchange what was told from its first word to the end of its reply, with who told it', () => {
  const entries = [
    line('t1', 'person', 1_000, 2_000),
    { ...line('r1', 'agent', 2_500, 3_900), interrupted: true },
    turn(1),
    line('t2', 'person', 4_000, 5_000),
    mark('interrupted', 4_050),
    mark('state', 4_060),
  ];
  const { exchanges, marks } = talkPicture(entries);
  const events = [
    event(999, { node: 'early' }),
    event(4_020, { node: 'synthesizer' }),
    event(2_200, { link: 'a->b', kind: 'drops', text: '3 frames dropped' }),
    event(4_070, { kind: 'interrupt', text: 'epoch 2' }),
    event(9_000, { node: 'model' }),
  ];
  const told = (index: number) =>
    happenedIn(exchanges[index]!, exchanges, marks, events).map(({ t, who, kind }) => `${t} ${who} ${kind}`);
  expect(told(0)).toEqual(['2200 a->b drops', '4020 synthesizer error', '4050 agent interrupted']);
  // Nothing was replied to it yet: what is told now may be why.
  expect(told(1)).toEqual([
    '4020 synthesizer error',
    '4050 agent interrupted',
    '4070 graph interrupt',
    '9000 model error',
  ]);
});

it('ends one that was never replied to where the next begins', () => {
  const { exchanges } = talkPicture([line('t1', 'person', 1_000, 2_000), line('t2', 'person', 6_000, 7_000)]);
  const events = [event(3_000, { node: 'model' }), event(6_500, { node: 'ears' })];
  const nodes = exchanges.map((one) => happenedIn(one, exchanges, [], events).map(({ node }) => node));
  expect(nodes).toEqual([['model'], ['ears']]);
});
