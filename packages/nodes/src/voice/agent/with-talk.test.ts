import { graph, micros, type TurnMessage, turnChannel } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { talkOf } from '@sluice/core/voice';
import { expect, it } from 'vitest';
import { withTalk } from './with-talk.ts';

it('writes lines, turns and what happened into the talk of the graph, all on its clock', () => {
  const bot = graph('bot', { clock: new VirtualClock() });
  const told: string[] = [];
  const tell = withTalk(bot, ({ type }) => told.push(type));
  const word = { text: 'hello', start: micros(7_100_000), end: micros(7_400_000) };
  tell({ type: 'state', state: 'muted', by: 'studio' });
  tell({ type: 'speech', speaker: 'ada', speaking: true, over: [], atMs: 990 });
  tell({ type: 'interrupted', atMs: 1_000, by: 'ada' });
  const ada = { who: 'person', speaker: 'ada', speakerName: 'Ada' } as const;
  tell({ type: 'logged', entry: { id: 't1', text: 'hello', startMs: 1_000, endMs: 1_300, words: [word], ...ada } });
  const cut = { text: 'Good', interrupted: true, planned: 'Good day.', heardMs: 300, droppedMs: 200 };
  const heard = { text: 'Good', startMs: 2_000, endMs: 2_300 };
  tell({ type: 'logged', entry: { id: 'r1', who: 'agent', startMs: 2_000, endMs: 2_300, words: [heard], ...cut } });
  const trace = { id: 1, voicedEndMs: 1_300, finalTextMs: 1_450, decidedMs: 1_400, heardText: '', interrupted: true };
  tell({ type: 'trace', trace: { ...trace, firstTokenMs: 1_700, firstAudibleMs: 2_000 } });
  tell({ type: 'problem', error: new Error('the model hung up') });
  tell({ type: 'head-start', outcome: 'used', atMs: 1_400 });
  expect(told).toHaveLength(8);
  expect(told.at(-1)).toBe('head-start');
  expect(talkOf(bot).since(0)).toEqual([
    { type: 'mark', kind: 'state', text: 'muted', atMs: 0 },
    { type: 'speech', speaker: 'ada', speaking: true, atMs: 990 },
    { type: 'mark', kind: 'interrupted', text: 'by ada', atMs: 1_000 },
    {
      type: 'line',
      id: 't1',
      who: 'person',
      speaker: 'Ada',
      text: 'hello',
      startMs: 1_000,
      endMs: 1_300,
      words: [{ text: 'hello', startMs: 1_000, endMs: 1_300 }],
    },
    { type: 'line', id: 'r1', who: 'agent', startMs: 2_000, endMs: 2_300, words: [heard], ...cut },
    {
      type: 'turn',
      asked: 't1',
      reply: 'r1',
      interrupted: true,
      steps: [
        { name: 'last voiced', owner: 'turn', atMs: 1_300 },
        { name: 'turn decided', owner: 'turn', atMs: 1_400 },
        { name: 'final text', owner: 'turn', atMs: 1_450 },
        { name: 'first token', owner: 'model', atMs: 1_700 },
        { name: 'first audible', owner: 'device', atMs: 2_000 },
      ],
    },
    { type: 'mark', kind: 'problem', text: 'the model hung up', atMs: 0 },
  ]);
});

it('has the id of the trace that somebody made of a turn', () => {
  const bot = graph('traced', { clock: new VirtualClock() });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const trace = (message: unknown) => void Object.assign(message as TurnMessage, { traceId });
  const tell = withTalk(bot, () => {});
  const turn = { id: 2, voicedEndMs: 0, finalTextMs: 1, decidedMs: 2, heardText: '', interrupted: false };
  turnChannel.subscribe(trace);
  tell({ type: 'trace', trace: turn });
  turnChannel.unsubscribe(trace);
  tell({ type: 'trace', trace: turn });
  const [first, second] = talkOf(bot).since(0);
  expect(first).toMatchObject({ type: 'turn', asked: 't2', traceId });
  expect(second).not.toHaveProperty('traceId');
});
