import { type Ask, createSecret, defaultPermissions, PROTOCOL } from '@sluice/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRoomKit, type FakeClient, track } from '../../../test/room-kit.ts';

/** Whatever the mutant says, its socket refuses it alone. */
const RUNS = 10_000;

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, -1, 1e308, '', '__proto__', {}, [], true, false, '\ud800', 'x'.repeat(5_000)),
  fc.jsonValue(),
);

/** The value at a path, replaced; ids of everybody in the room among the replacements. */
function mutate(value: unknown, path: readonly number[], replacement: unknown): unknown {
  if (path.length === 0 || typeof value !== 'object' || value === null) return replacement;
  const keys = Object.keys(value);
  if (keys.length === 0) return replacement;
  const key = keys[path[0]! % keys.length]!;
  const changed = mutate((value as Record<string, unknown>)[key], path.slice(1), replacement);
  return Array.isArray(value) ? Object.assign([...value], { [key]: changed }) : { ...value, [key]: changed };
}

const asksOf = (ids: readonly string[]): Ask[] =>
  ids.flatMap((id): Ask[] => [
    { ask: 'app-message', to: id, data: 1 },
    { ask: 'chat', text: 'hello' },
    { ask: 'update-participants', updates: { [id]: { permissions: { canSend: false, hasPresence: false } } } },
    { ask: 'update-participants', updates: { [id]: { inputsEnabled: { microphone: false } } } },
    { ask: 'eject', ids: [id] },
    { ask: 'update-permissions', permissions: { canAdmin: true, canSend: true, canReceive: { base: true } } },
    { ask: 'admit', ids: [id], admit: true },
    { ask: 'start-recording', streamId: 'a', settings: { maxDuration: 1 } },
    { ask: 'stop-recording' },
    { ask: 'update-recording', settings: {} },
    { ask: 'start-transcription', settings: {} },
    { ask: 'stop-transcription' },
    { ask: 'update-transcription', participants: [id] },
    { ask: 'dtmf', to: id, tones: '1w,2', digitDurationMs: 40 },
  ]);

test(`${RUNS} mutated messages to a live hub: nothing throws, and nobody does what it may not`, async ({ task }) => {
  const runs = { update: async () => {}, stop: async () => {}, ended: new Promise<void>(() => {}) };
  const asked: string[] = [];
  const service = async () => {
    asked.push('service');
    return runs;
  };
  const kit = createRoomKit({ knocking: true }, { recorder: service, transcriber: service });
  const owner = await kit.owner();
  const victim = await kit.join({ grant: {}, tracks: ['microphone'] });
  const waiting = await kit.join();
  const poor = { permissions: { canSend: false, canReceive: { base: false } } };
  let mutant: FakeClient | undefined;
  let denied = 0;
  let refused = 0;
  const ids = [owner.id, victim.id, waiting.id];
  const link = { from: victim.id, to: owner.id };
  const messages: readonly object[] = [
    { type: 'join', protocol: PROTOCOL, identity: createSecret(), userName: 'x', tracks: [track('microphone')] },
    { type: 'resume', protocol: PROTOCOL, id: victim.id, secret: createSecret(), received: 0 },
    { type: 'update', userName: 'x', tracks: [track('microphone')], userData: { a: 1 } },
    { type: 'levels', levels: [{ id: victim.id, dbfs: -10 }] },
    { type: 'alive', ids },
    { type: 'leave' },
    ...ids.map((to) => ({ type: 'relay', to, body: { kind: 'subscribe', link, tracks: ['microphone'], staged: [] } })),
    ...asksOf(ids).map((ask, number) => ({ type: 'ask', number, ask })),
  ];
  const message = fc.constantFrom(...messages);
  const path = fc.array(fc.nat(20), { maxLength: 5 });
  const replacement = fc.oneof({ weight: 3, arbitrary: junk }, { weight: 1, arbitrary: fc.constantFrom(...ids, true) });
  const cases = fc.sample(fc.tuple(message, path, replacement, fc.boolean()), { numRuns: RUNS, seed: 7 });
  for (const [index, [original, where, what, whole]] of cases.entries()) {
    if (mutant === undefined || mutant.closedBy !== undefined) {
      denied += mutant?.of('denied').length ?? 0;
      refused++;
      kit.hub.eject('hello', { ids: [mutant?.id ?? ''] });
      // No faster than people are let in.
      await kit.clock.advance(250);
      mutant = await kit.join({ grant: poor });
    }
    mutant.say(whole ? original : (mutate(original, where, what) as object));
    if (index % 8 === 0) await kit.clock.advance(80);
  }
  await kit.clock.advance(10_000);
  task.meta.measured = [`sockets closed by ${RUNS} mutants ${refused}`, `asks denied ${denied}`];
  expect(refused).toBeGreaterThan(RUNS / 4);
  expect(denied).toBeGreaterThan(RUNS / 10);
  expect(asked).toEqual([]);
  expect(waiting.sent).toEqual([{ type: 'waiting' }]);
  expect([owner.closedBy, victim.closedBy]).toEqual([undefined, undefined]);
  expect(victim.of('inputs-asked')).toEqual([]);
  expect(owner.sees(victim.id)).toMatchObject({ tracks: [{ enabled: true }], permissions: defaultPermissions });
  for (const { tracks, id } of owner.of('participant-updated').map(({ participant }) => participant))
    if (id !== victim.id && id !== owner.id) expect(tracks).toEqual([]);
  for (const { body } of victim.of('relay')) if (body.kind === 'subscribe') expect(body.tracks).toEqual([]);
}, 60_000);
