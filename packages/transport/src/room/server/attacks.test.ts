import { createSecret, limits, PROTOCOL } from '@sluice/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRoomKit, type FakeClient, track } from '../../../test/room-kit.ts';
import type { RecordingRequest } from './room-services.ts';

let kit: ReturnType<typeof createRoomKit>;
let owner: FakeClient;

beforeEach(async () => {
  kit = createRoomKit();
  owner = await kit.owner();
});

/** `by` receives the sound of `of`. */
const subscribe = (by: FakeClient, of: FakeClient) =>
  by.say({ type: 'relay', to: of.id, body: { kind: 'subscribe', link: { from: by.id }, tracks: ['microphone'] } });

describe('somebody else’s name', () => {
  const bound = { grant: { userName: 'Ada', userId: 'u1' }, userName: 'Grace' };

  test('one of a token stays, whatever its bearer says', async () => {
    const ada = await kit.join(bound);
    ada.say({ type: 'update', userName: 'Grace' });
    expect(owner.sees(ada.id)).toMatchObject({ userName: 'Ada', userId: 'u1' });
    expect(ada.sees(ada.id)).toMatchObject({ userName: 'Ada' });
    expect(kit.hub.presence('hello')).toContainEqual(expect.objectContaining({ userName: 'Ada', userId: 'u1' }));
  });

  test('nor does the chat show another', async () => {
    const ada = await kit.join(bound);
    const linus = await kit.join({ userName: 'Linus' });
    ada.ask({ ask: 'chat', text: 'hi', userName: 'Grace' });
    linus.ask({ ask: 'chat', text: 'hi', userName: 'Bot' });
    expect(owner.of('chat').map(({ userName }) => userName)).toEqual(['Ada', 'Bot']);
  });

  test('who has none by token may change it', async () => {
    const linus = await kit.join({ userName: 'Linus' });
    linus.say({ type: 'update', userName: 'L' });
    expect(owner.sees(linus.id)).toMatchObject({ userName: 'L' });
  });
});

test('permissions that change all the time are told a few times a second, and those that do not change never', async () => {
  const ada = await kit.join();
  for (let n = 0; n < 100; n++) ada.ask({ ask: 'update-permissions', permissions: { canSend: true } });
  expect(owner.of('participant-updated')).toHaveLength(0);
  // Less each time: nobody gives themselves more.
  const rules: Record<string, boolean> = {};
  for (let n = 0; n < 50; n++) {
    rules[`user ${n}`] = false;
    ada.ask({ ask: 'update-permissions', permissions: { canReceive: { byUserId: { ...rules } } } });
    await kit.clock.advance(20);
  }
  await kit.clock.advance(1_000);
  const told = owner.of('participant-updated');
  expect(told.length).toBeLessThanOrEqual(9);
  expect(told.at(-1)?.participant.permissions.canReceive.byUserId).toEqual(rules);
});

describe('a recorder whose meeting has ended', () => {
  let requests: RecordingRequest[];
  let begin: (() => void)[];
  let stop: () => void;

  beforeEach(async () => {
    requests = [];
    begin = [];
    const recorder = (request: RecordingRequest) => {
      requests.push(request);
      return new Promise<{ update(): Promise<void>; stop(): Promise<void>; ended: Promise<void> }>((resolve) => {
        const stopping = new Promise<void>((done) => {
          stop = done;
        });
        begin.push(() => resolve({ update: async () => {}, stop: () => stopping, ended: new Promise<void>(() => {}) }));
      });
    };
    kit = createRoomKit({}, { recorder });
    owner = await kit.owner();
  });

  test('does not enter the next one of the same name', async () => {
    owner.ask({ ask: 'start-recording' });
    await kit.clock.settle();
    owner.say({ type: 'leave' });
    const next = await kit.join();
    const late = await kit.enter(requests[0]!.entry.token);
    expect(late.closedBy).toBe('token-invalid');
    expect(next.of('participant-joined')).toEqual([]);
  });

  test('is not followed by the one that was to take its place', async () => {
    owner.ask({ ask: 'start-recording' });
    await kit.clock.settle();
    begin[0]!();
    await kit.clock.settle();
    owner.ask({ ask: 'start-recording', forceNew: true });
    await kit.clock.settle();
    owner.say({ type: 'leave' });
    stop();
    await kit.clock.settle();
    expect(requests).toHaveLength(1);
    expect(kit.hub.counts()).toMatchObject({ rooms: 0, recordings: 0 });
  });
});

describe('names that are none', () => {
  const turned = 'Ada\u202egnp.exe';

  test.each([turned, 'a\u2028b', 'a\u2066b', 'a\0b', 'a\nb', '\ud800'])('%j is refused', async (userName) => {
    expect((await kit.join({ userName })).closedBy).toBe('malformed');
  });

  test('also where a rule for tokens gives them, before anybody is told', async () => {
    expect((await kit.join({ grant: { userName: turned } })).closedBy).toBe('token-invalid');
    expect((await kit.join({ grant: { userId: 'x'.repeat(129) } })).closedBy).toBe('token-invalid');
    expect(owner.closedBy).toBeUndefined();
    expect(owner.of('participant-joined')).toEqual([]);
  });

  test('but every script and markup is a name, as text', async () => {
    for (const userName of ['<b onclick="x()">', 'שלום', 'مرحبا', '👩‍👩‍👧', '`$(1)`'])
      expect(owner.sees((await kit.join({ userName })).id)?.userName).toBe(userName);
  });
});

test.each(['__proto__', 'constructor', 'prototype'])('a rule about %s is refused, not lost', async (name) => {
  const ada = await kit.join();
  const rule = (canReceive: string) =>
    `{"type":"ask","number":1,"ask":{"ask":"update-permissions","permissions":{"canReceive":${canReceive}}}}`;
  ada.connection.message(rule(`{"base":{"customAudio":{"${name}":false}}}`));
  expect(ada.closedBy).toBe('malformed');
  const grace = await kit.join();
  grace.connection.message(rule(`{"byUserId":{"${name}":false}}`));
  expect(grace.closedBy).toBe('malformed');
});

test('JSON of 30,000 levels is refused as too long', async () => {
  const ada = await kit.join();
  const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
  ada.connection.message(`{"type":"ask","number":1,"ask":{"ask":"app-message","data":${deep}}}`);
  expect(ada.sent.at(-1)).toMatchObject({
    type: 'refused',
    code: 'malformed',
    message: expect.stringMatching(/not valid at/) as string,
  });
});

describe('who speaks', () => {
  const hears = (by: FakeClient, of: FakeClient, dbfs: number) =>
    by.say({ type: 'levels', levels: [{ id: of.id, dbfs }] });
  const told = () => owner.of('active-speaker').map(({ id }) => id);
  /** Each receives the sound of each. */
  const connect = (...clients: readonly FakeClient[]) => {
    for (const one of clients) for (const other of clients) if (one !== other) subscribe(one, other);
  };

  test('one receiver decides nothing against two', async () => {
    const [ada, grace, mallory] = [await kit.join(), await kit.join(), await kit.join()];
    connect(owner, ada, grace, mallory);
    for (let n = 0; n < 100; n++) {
      hears(owner, ada, -30);
      hears(grace, ada, -30);
      hears(mallory, grace, 0);
      await kit.clock.advance(20);
    }
    expect(told()).toEqual([ada.id]);
    // What one says of somebody whom another hears faintly makes nobody loud.
    for (let n = 0; n < 100; n++) {
      hears(owner, ada, -30);
      hears(grace, ada, -30);
      hears(owner, grace, -49);
      hears(mallory, grace, 0);
      await kit.clock.advance(20);
    }
    expect(told()).toEqual([ada.id]);
  });

  test('one alone decides nothing while all are silent, nor in a pause', async () => {
    const room = await Promise.all(Array.from({ length: 9 }, () => kit.join()));
    connect(owner, ...room);
    const [ada, grace, mallory] = [room[0]!, room[1]!, room[8]!];
    const lies = async () => {
      for (let n = 0; n < 50; n++) {
        hears(mallory, grace, 0);
        await kit.clock.advance(100);
      }
    };
    await lies();
    expect(told()).toEqual([]);
    for (const one of [owner, room[2]!]) hears(one, ada, -30);
    await lies();
    expect(told()).toEqual([ada.id]);
  });

  test('nor does one who does not receive who it is about', async () => {
    const [ada, mallory] = [await kit.join(), await kit.join()];
    subscribe(owner, ada);
    hears(mallory, ada, 0);
    expect(told()).toEqual([]);
    hears(owner, ada, -30);
    expect(told()).toEqual([ada.id]);
  });

  test('who changes it all the time is told of a few times a second', async () => {
    const [ada, grace, mallory] = [await kit.join(), await kit.join(), await kit.join()];
    subscribe(mallory, ada);
    subscribe(mallory, grace);
    for (let n = 0; n < 100; n++) {
      hears(mallory, n % 2 ? ada : grace, -120 + n);
      hears(mallory, n % 2 ? grace : ada, n % 2 ? 0 : -1);
      await kit.clock.advance(30);
    }
    expect(told().length).toBeLessThanOrEqual(11);
    const late = await kit.join();
    expect(late.welcome.activeSpeaker).toBe(told().at(-1));
  });
});

test('the welcome to a full room in which everybody announces all they may can be read', async () => {
  const rules = (first: string) => ({
    [first]: Object.fromEntries(Array.from({ length: 27 }, (_, n) => [`${n}`.padEnd(128, 'x'), false])),
  });
  kit = createRoomKit({ knocking: true, permissions: { canReceive: rules('byUserId') } });
  const entry = (n: number, hasPresence = true) => {
    const grant = {
      userName: '"'.repeat(512),
      userId: '"'.repeat(128),
      permissions: { hasPresence, canAdmin: true, canReceive: rules('byParticipantId') },
    };
    const name = (kind: number) => `customAudio.${`${n} ${kind}`.padEnd(100, 'x')}`;
    const tracks = Array.from({ length: 16 }, (_, kind) => track(name(kind)));
    return { token: kit.tokenOf(grant), userData: 'x'.repeat(4_094), tracks };
  };
  const enter = (extra: object) => {
    const socket = {
      send: () => {},
      refuse: (code: string) => expect(code).toBe('joined'),
      close: () => {},
      lastHeard: 0,
    };
    const message = {
      type: 'join',
      protocol: PROTOCOL,
      identity: createSecret(),
      userName: '"'.repeat(512),
      tracks: [],
    };
    kit.hub.connect('hello', socket, () => {}).message(JSON.stringify({ ...message, ...extra }));
  };
  for (let n = 0; n < 63; n++) enter(entry(n));
  for (let n = 0; n < 16; n++) enter(entry(n, false));
  for (let n = 0; n < 32; n++) enter({});
  await kit.clock.settle();
  const last = kit.connect();
  let bytes = 0;
  const { send } = last;
  last.send = (text) => {
    bytes ||= Buffer.byteLength(text);
    send.call(last, text);
  };
  last.say({ type: 'join', protocol: PROTOCOL, identity: last.identity, userName: '', ...entry(63) });
  await kit.clock.settle();
  expect(last.welcome.participants).toHaveLength(79);
  expect(last.welcome.waiting).toHaveLength(32);
  expect(bytes).toBeGreaterThan(1024 * 1024);
  expect(bytes).toBeLessThan(limits.serverMessageBytes);
});

describe('who is still there, though its socket is gone', () => {
  const says = async (witnesses: readonly FakeClient[], of: FakeClient) => {
    for (let n = 0; n < 20; n++) {
      for (const one of witnesses) one.say({ type: 'alive', ids: [of.id] });
      await kit.clock.advance(1_000);
    }
  };

  test('one alone keeps nobody where several could hear it', async () => {
    const [ada, mallory] = [await kit.join({ tracks: ['microphone'] }), await kit.join()];
    for (const one of [owner, mallory]) subscribe(one, ada);
    ada.drop();
    await says([mallory], ada);
    expect(owner.of('participant-left')).toMatchObject([{ id: ada.id, reason: 'lost' }]);
  });

  test('nor do two who have no connection with it', async () => {
    const [ada, grace] = [await kit.join({ tracks: ['microphone'] }), await kit.join()];
    const strangers = [await kit.join(), await kit.join()];
    for (const one of [owner, grace]) subscribe(one, ada);
    ada.drop();
    await says(strangers, ada);
    expect(owner.of('participant-left')).toHaveLength(1);
  });

  test('nor does a stranger where one could hear it, or nobody', async () => {
    const [ada, grace, mallory] = [await kit.join(), await kit.join(), await kit.join()];
    subscribe(owner, ada);
    for (const one of [ada, grace]) {
      one.drop();
      await says([mallory], one);
      expect(owner.of('participant-left').at(-1)).toMatchObject({ id: one.id, reason: 'lost' });
    }
  });

  test('two who hear it do, and so does one where nobody else could', async () => {
    const [ada, grace] = [await kit.join({ tracks: ['microphone'] }), await kit.join()];
    subscribe(owner, ada);
    ada.drop();
    await says([owner], ada);
    subscribe(grace, ada);
    await says([owner, grace], ada);
    expect(owner.of('participant-left')).toEqual([]);
    await kit.clock.advance(30_000);
    expect(owner.of('participant-left')).toHaveLength(1);
  });
});
