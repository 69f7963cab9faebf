import { expect, it } from 'vitest';
import { agentUserData } from '../call/agent-mark.ts';
import type { CallClient } from '../call/call-client.ts';
import type { CallEvents } from '../call/call-events.ts';
import { EventEmitter } from '../event-emitter.ts';
import { followSpeakers, type SpeakerHost } from './follow-speakers.ts';

const participant = (id: string, userName: string, userData?: object, isLocal = false) => ({
  id,
  info: { userName, userData, isLocal },
});

/** A call of which only its events matter, and a host that writes down what it is told. */
function call(there: readonly ReturnType<typeof participant>[] = []) {
  const events = new EventEmitter<CallEvents>((error) => {
    throw error;
  });
  const told: string[] = [];
  const participants = Object.fromEntries(there.map((one) => [one.info.isLocal ? 'local' : one.id, one]));
  const client = { on: events.on.bind(events), participants: () => participants } as unknown as CallClient;
  const host: SpeakerHost = {
    addSpeaker: async ({ id, name, agent, hears }) => {
      expect(typeof hears.subscribe).toBe('function');
      told.push(`add ${id} ${name}${agent ? ' (agent)' : ''}`);
    },
    removeSpeaker: async (id) => void told.push(`remove ${id}`),
    updateSpeaker: (id, { name, agent }) => void told.push(`update ${id} ${name}${agent ? ' (agent)' : ''}`),
  };
  const emit = (event: 'joined' | 'updated' | 'left', one: object) =>
    events.emit(`participant-${event}`, { participant: one, leftReason: 'leftCall' } as never);
  return { client, host, told, emit, events };
}

it('adds who is there and who joins, once, but not oneself', async () => {
  const { client, host, told, emit } = call([participant('me', 'Ada', undefined, true), participant('b', 'Bob')]);
  followSpeakers(client, host);
  emit('joined', participant('b', 'Bob'));
  emit('joined', participant('m', 'Max', agentUserData({ job: 'panel' })));
  emit('joined', participant('me', 'Ada', undefined, true));
  expect(told).toEqual(['add b Bob', 'add m Max (agent)']);
});

it('tells another name, and that somebody is an agent after all, and nothing else', () => {
  const { client, host, told, emit } = call([participant('b', 'Bob')]);
  followSpeakers(client, host);
  emit('updated', participant('b', 'Bob', { hand: 'up' }));
  emit('updated', participant('b', 'Robert'));
  emit('updated', participant('b', 'Robert', agentUserData()));
  emit('updated', participant('c', 'Nobody'));
  expect(told).toEqual(['add b Bob', 'update b Robert', 'update b Robert (agent)']);
});

it('removes who leaves, and everybody when the client itself has left, and follows again', () => {
  const { client, host, told, emit, events } = call([participant('b', 'Bob'), participant('e', 'Eve')]);
  followSpeakers(client, host);
  emit('left', participant('b', 'Bob'));
  emit('left', participant('b', 'Bob'));
  events.emit('call-state-updated', { state: 'left' });
  emit('joined', participant('e', 'Eve'));
  expect(told).toEqual(['add b Bob', 'add e Eve', 'remove b', 'remove e', 'add e Eve']);
});

it('removes whom it added when it is closed, and listens no more', async () => {
  const { client, host, told, emit } = call([participant('b', 'Bob')]);
  await followSpeakers(client, host).close();
  emit('joined', participant('e', 'Eve'));
  expect(told).toEqual(['add b Bob', 'remove b']);
});

it('tells what the host rejects', async () => {
  const { client, host } = call([participant('b', 'Bob')]);
  const problems: unknown[] = [];
  const broken = { ...host, addSpeaker: () => Promise.reject(new Error('the graph has ended')) };
  followSpeakers(client, broken, { onProblem: (error) => problems.push(error) });
  await new Promise((resolve) => setImmediate(resolve));
  expect(problems).toMatchObject([{ message: 'the graph has ended' }]);
  expect(() => followSpeakers(client, host, { sample_rate: 5 } as never)).toThrow(/sampleRate/);
});
