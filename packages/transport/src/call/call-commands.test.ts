import { SluiceError } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeSession, noDevices, person } from '../../test/fakes/fake-session.ts';
import type { RoomJoin } from '../room/driver.ts';
import { registerRoomDriver } from '../room/driver-registry.ts';
import { CallClient } from './call-client.ts';
import { callEventNames, callStates } from './call-events.ts';

const ADA = '00000000-0000-4000-8000-00000000000a';
/** Longer than any time limit of the client. */
const LONG_MS = 11 * 60_000;

/** A client in a world that a test moves: a server that lets it in, or not, and answers, or not. */
class World {
  readonly clock = new VirtualClock();
  readonly promises: Promise<unknown>[] = [];
  /** How often the completion of each operation was called. */
  readonly completions: number[] = [];
  readonly faults: unknown[] = [];
  readonly states: string[] = ['initialized'];
  readonly doors: ((how: 'enter' | 'refuse' | 'wait') => void)[] = [];
  readonly answers: ((how: 'grant' | 'deny') => void)[] = [];
  session = new FakeSession();
  releases = 0;
  readonly client: CallClient;
  readonly close: () => void;

  constructor(inHandlers: boolean) {
    this.close = registerRoomDriver({
      name: 'fake',
      schemes: ['fake:'],
      capabilities: ['app-messages', 'chat', 'eject', 'recording'],
      join: (join) => this.#enter(join),
    });
    this.client = new CallClient({ devices: noDevices, clock: this.clock });
    this.client.on('call-state-updated', ({ state }) => {
      this.states.push(state);
      if (this.client.callState !== state) this.faults.push(`${this.client.callState} is not ${state}`);
    });
    this.client.on('error', ({ error }) => {
      if (error.code === 'SLUICE_CALL_HANDLER') this.faults.push(error);
    });
    if (!inHandlers) return;
    for (const name of callEventNames)
      if (name !== 'inputs-updated') this.client.on(name, () => void this.#inHandler());
  }

  /** Keeps what was begun; `done` is its completion. */
  begin(start: (done: () => void) => Promise<unknown>): void {
    const number = this.completions.push(0) - 1;
    const promise = start(() => {
      this.completions[number]!++;
    });
    promise.catch(() => {});
    this.promises.push(promise);
  }

  /** Awaits things inside a handler, as users do. */
  async #inHandler(): Promise<void> {
    if (this.promises.length > 60) return;
    const { client } = this;
    const attempt = async (work: () => Promise<unknown>) => {
      this.begin(async (done) => {
        try {
          await work();
        } finally {
          done();
        }
      });
    };
    await attempt(() => client.updateInputs({ microphone: !client.inputs().microphone.isEnabled }));
    await attempt(() => client.sendAppMessage('from a handler'));
    await attempt(() => client.networkStats());
  }

  #enter({ signal, onWaiting }: RoomJoin): Promise<FakeSession> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      this.doors.push((how) => {
        if (how === 'wait') onWaiting?.();
        else if (how === 'refuse') reject(new SluiceError('SLUICE_JOIN_REFUSED', 'no'));
        else {
          this.session = new FakeSession();
          this.session.answer = () =>
            new Promise((grant, deny) =>
              this.answers.push((answer) =>
                answer === 'grant' ? grant({}) : deny(new SluiceError('SLUICE_ROOM_DENIED', 'no')),
              ),
            );
          this.session.leave = async () => {
            for (const answer of this.answers.splice(0)) answer('deny');
          };
          resolve(this.session);
        }
      });
    });
  }
}

const commands: Record<string, (world: World) => void | Promise<void>> = {
  join: (world) => world.begin((done) => world.client.join('fake://host/room', done)),
  leave: (world) => world.begin((done) => world.client.leave(done)),
  say: (world) => world.begin((done) => world.client.sendAppMessage('x', ADA, done)),
  chat: (world) => world.begin((done) => world.client.sendPrebuiltChatMessage('x', null, done)),
  eject: (world) => world.begin((done) => world.client.ejectRemoteParticipants([ADA], done)),
  record: (world) => world.begin((done) => world.client.startRecording({}, done)),
  inputs: (world) => world.begin((done) => world.client.updateInputs({ camera: true }, done)),
  sip: (world) => world.begin((done) => world.client.sipRefer({}, done)),
  wrong: (world) => world.begin((done) => world.client.sendAppMessage(null, null, done)),
  enter: (world) => world.doors.at(-1)?.('enter'),
  refuse: (world) => world.doors.at(-1)?.('refuse'),
  wait: (world) => world.doors.at(-1)?.('wait'),
  grant: (world) => world.answers.shift()?.('grant'),
  deny: (world) => world.answers.shift()?.('deny'),
  lost: (world) => world.session.events.emit('lost', new SluiceError('SLUICE_ROOM_LOST', 'gone')),
  removed: (world) => world.session.events.emit('lost', new SluiceError('SLUICE_ROOM_REMOVED', 'out')),
  somebody: (world) => world.session.set(person(ADA)),
  message: (world) => world.session.events.emit('news', { type: 'app-message', from: ADA, data: 1 }),
  muted: (world) =>
    world.session.events.emit('news', { type: 'inputs-asked', by: ADA, inputs: { microphone: false, camera: true } }),
  time: (world) => world.clock.advance(700),
  turn: (world) => world.clock.settle(),
  release: (world) => {
    world.releases++;
    world.begin((done) => world.client.release().finally(done));
  },
};

/** What may follow a state; an aborted join leaves without having joined. */
const follows: Record<string, readonly string[]> = {
  initialized: ['joining'],
  joining: ['joined', 'leaving', 'left'],
  joined: ['leaving'],
  leaving: ['left'],
  left: ['joining'],
};

test('whatever is asked of a client in any order, in handlers or out of them, ends once and leaves nothing', async () => {
  const names = Object.keys(commands);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...names), { maxLength: 30 }), fc.boolean(), async (list, inHandlers) => {
      const world = new World(inHandlers);
      try {
        for (const name of list) await commands[name]!(world);
        if (world.releases === 0) commands.release!(world);
        await world.clock.advance(LONG_MS);
        const late = Promise.resolve('late');
        for (const promise of world.promises)
          expect(
            await Promise.race([
              promise.then(
                () => 'ended',
                () => 'ended',
              ),
              turn(late),
            ]),
          ).toBe('ended');
        expect(world.completions).toEqual(Array(world.completions.length).fill(1));
        expect(world.clock.timers).toBe(0);
        expect(world.faults).toEqual([]);
        for (const [index, state] of world.states.entries())
          if (index > 0) expect(follows[world.states[index - 1]!]).toContain(state);
        expect(['initialized', 'left']).toContain(world.states.at(-1));
        await expect(world.client.release()).rejects.toMatchObject({ code: 'SLUICE_CALL_RELEASED' });
        expect(() => world.client.participants()).toThrow(/SLUICE_CALL_RELEASED|was released/);
      } finally {
        world.close();
      }
    }),
    { numRuns: 400 },
  );
  expect(Object.keys(follows)).toEqual([...callStates]);
});

/** Later than what has ended already. */
async function turn<T>(value: Promise<T>): Promise<T> {
  for (let step = 0; step < 10; step++) await Promise.resolve();
  return value;
}
