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
