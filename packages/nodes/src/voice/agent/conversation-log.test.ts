import type { Message } from '@sluice/core/voice';
import { describe, expect, it } from 'vitest';
import type { Spoken } from '../saying/utterance.ts';
import { ConversationLog } from './conversation-log.ts';

const turn = (id: number, text: string) => ({
  id,
  text,
  words: [],
  rejected: false,
  voicedStartMs: 0,
  voicedEndMs: 0,
  finalTextMs: 0,
  decidedMs: 0,
});
const spoken = (id: string, text: string, heardText = text): Spoken => ({
  id,
  text,
  heardText,
  words: [],
  interrupted: heardText !== text,
  failed: false,
  startedMs: 0,
  endedMs: 0,
  heardMs: 0,
  droppedMs: 0,
});
const result = (callId: string, text: string) => ({
  call: { callId, name: 'clock', arguments: {} },
  text,
  startMs: 0,
  endMs: 10,
});

describe('ConversationLog', () => {
  it('tells a model what was heard, once, and not what was planned', () => {
    const log = new ConversationLog();
    log.person(turn(1, 'tell me'));
    log.agent(spoken('r1', 'One. Two. Three.', 'One. Two.'));
    log.agent(spoken('r1', 'One. Two. Three.'));
    log.person(turn(2, 'stop'));
    log.agent(spoken('r2', 'Never heard.', ''));
    log.person(turn(3, 'again'));
    expect(log.messages('Be brief.')).toEqual<Message[]>([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'tell me' },
      { role: 'assistant', text: 'One. Two.' },
      { role: 'user', text: 'stop' },
      { role: 'user', text: 'again' },
    ]);
    expect(log.entries).toHaveLength(5);
  });

  it('puts a reply that was cut before the turns that began under it, though it is known after them', () => {
    const told: string[] = [];
    const log = new ConversationLog(({ id }) => told.push(id));
    const at = (id: number, voicedStartMs: number) => ({ ...turn(id, `turn ${id}`), voicedStartMs });
    log.person(at(1, 500));
    log.person(at(2, 2_500));
    log.person(at(3, 3_000));
    log.agent({ ...spoken('r1', 'One. Two.', 'One.'), startedMs: 2_000 });
    log.person(at(4, 9_000));
    // Nothing of it was heard, or nothing was cut: it stands where it became known.
    log.agent({ ...spoken('r3', 'Three.', ''), startedMs: undefined });
    log.person(at(5, 12_000));
    log.agent({ ...spoken('r5', 'Five.'), startedMs: 11_000 });
    expect(log.entries.map(({ id }) => id)).toEqual(['t1', 'r1', 't2', 't3', 't4', 'r3', 't5', 'r5']);
    expect(told).toEqual(['t1', 't2', 't3', 'r1', 't4', 'r3', 't5', 'r5']);
    expect(log.messages().map(({ text }) => text)).toEqual([
      ...['turn 1', 'One.', 'turn 2', 'turn 3', 'turn 4', 'turn 5', 'Five.'],
    ]);
  });

  it('leaves what tools answered before a reply that was cut where it is', () => {
    const log = new ConversationLog();
    log.person({ ...turn(1, 'tell me'), voicedStartMs: 500 });
    log.tools([{ ...result('0', 'noon'), startMs: 3_000 }]);
    log.person({ ...turn(2, 'stop'), voicedStartMs: 4_000 });
    log.agent({ ...spoken('r1', 'It is noon.', 'It is'), startedMs: 2_000 });
    expect(log.entries.map(({ id }) => id)).toEqual(['t1', 'c1.1', 'r1', 't2']);
  });

  it('puts the calls of a round before their results, and each round by itself', () => {
    const log = new ConversationLog();
    log.person(turn(1, 'what time is it'));
    log.tools([result('0', 'noon'), result('1', '')]);
    log.tools([result('0', 'one')]);
    log.agent(spoken('r1', 'Noon.'));
    expect(log.messages()).toMatchObject([
      { role: 'user' },
      { role: 'assistant', text: '', calls: [{ callId: '0' }, { callId: '1' }] },
      { role: 'tool', callId: '0', text: 'noon' },
      { role: 'tool', callId: '1', text: '' },
      { role: 'assistant', calls: [{ callId: '0' }] },
      { role: 'tool', callId: '0', text: 'one' },
      { role: 'assistant', text: 'Noon.' },
    ]);
    expect(log.entries.map(({ who, id }) => `${who} ${id}`)).toEqual([
      'person t1',
      'tool c1.1',
      'tool c1.2',
      'tool c2.1',
      'agent r1',
    ]);
    expect(log.toString().split('\n')).toHaveLength(6);
  });
});
