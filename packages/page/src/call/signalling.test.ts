import { type ClientMessage, createId, createSecret, defaultPermissions, PROTOCOL } from '@sluice/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Signalling, type SignallingHandlers } from './signalling.ts';

/** The far end of one socket: what was said into it, and the means to answer. */
class FakeSocket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    return FakeSocket.all.at(-1)!;
  }
  readonly url: string;
  readonly said: ClientMessage[] = [];
  closed = false;
  onopen = () => {};
  onmessage = (_: { readonly data: string }) => {};
  onclose = () => {};

  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.said.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  says(message: object): void {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

const id = createId();
const secret = createSecret();
const you = {
  id,
  userName: 'Ada',
  userId: '',
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [],
  permissions: defaultPermissions,
  mutedRemotely: [],
};
const room = {
  name: 'hello',
  expiresAt: null,
  recording: false,
  transcription: false,
  chat: true,
  ownerOnlyBroadcast: false,
};
const welcome = {
  type: 'welcome',
  protocol: PROTOCOL,
  session: createId(),
  id,
  secret,
  you,
  room,
  participants: [],
  activeSpeaker: null,
  recordings: [],
  transcriptions: [],
  waiting: [],
};
const speaker = { type: 'active-speaker', id: null };
const levels: ClientMessage = { type: 'levels', levels: [] };
const refused = (code: string) => ({ type: 'refused', code, message: 'no' });

let news: string[];
let signalling: Signalling;

const handlers: SignallingHandlers = {
  introduction: () => ({ userName: 'Ada', tracks: [] }),
  welcome: (_, again) => news.push(again ? 'welcome again' : 'welcome'),
  waiting: () => news.push('waiting'),
  message: ({ type }) => news.push(type),
  state: (state) => news.push(state),
  probe: () => news.push('probe'),
  closed: (why) => news.push(`closed: ${why}`),
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  FakeSocket.all = [];
  news = [];
  signalling = new Signalling('https://rooms.test/hello', handlers);
});
afterEach(() => {
  signalling.leave();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const joined = () => {
  FakeSocket.last.onopen();
  FakeSocket.last.says(welcome);
  news.length = 0;
};
/** The socket is lost, and the next one open. */
const back = () => {
  FakeSocket.last.onclose();
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.onopen();
};

test('it introduces itself over a socket as safe as the page, and is welcome', () => {
  const socket = FakeSocket.last;
  expect(socket.url).toBe('wss://rooms.test/hello');
  expect(socket.said).toEqual([]);
  socket.onopen();
  expect(socket.said).toMatchObject([{ type: 'join', protocol: PROTOCOL, userName: 'Ada' }]);
  socket.says(welcome);
  expect(news).toEqual(['welcome']);
});

test.each(['room-full', 'token-expired', 'closing', 'not-admitted'])('a refusal of %s is why it is over', (code) => {
  FakeSocket.last.onopen();
  FakeSocket.last.says(refused(code));
  expect(news).toEqual([`closed: ${code}`]);
  expect(FakeSocket.last.closed).toBe(true);
});

test('a server that is not there is unreachable, and one that says nothing too', () => {
  FakeSocket.last.onopen();
  vi.advanceTimersByTime(8_000);
  expect(news).toEqual(['closed: unreachable']);
});

test('a message that is none of the protocol ends it', () => {
  FakeSocket.last.onopen();
  FakeSocket.last.onmessage({ data: '{"type":"hello"}' });
  expect(news).toEqual(['closed: version']);
});

test('who waits to be let in waits as long as it takes', () => {
  FakeSocket.last.onopen();
  FakeSocket.last.says({ type: 'waiting' });
  vi.advanceTimersByTime(10 * 60_000);
  expect(news).toEqual(['waiting']);
  FakeSocket.last.says(welcome);
  expect(news).toEqual(['waiting', 'welcome']);
  expect(FakeSocket.all).toHaveLength(1);
});

test('what is said while the socket is gone is said once, in order, by the next one', () => {
  joined();
  signalling.send(levels);
  FakeSocket.last.says(speaker);
  FakeSocket.last.onclose();
  signalling.send({ type: 'alive', ids: [] });
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.onopen();
  expect(FakeSocket.last.said).toEqual([{ type: 'resume', protocol: PROTOCOL, id, secret, received: 1 }]);
  FakeSocket.last.says({ type: 'resumed', secret: createSecret(), received: 1 });
  expect(FakeSocket.last.said.slice(1)).toEqual([{ type: 'alive', ids: [] }]);
  expect(news).toEqual(['active-speaker', 'interrupted', 'connected']);
});

test('a server that forgot it lets it in again under the same identity', () => {
  const first = FakeSocket.last;
  joined();
  back();
  FakeSocket.last.says(refused('unknown-session'));
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.onopen();
  const [before] = first.said;
  expect(FakeSocket.last.said).toEqual([before]);
  FakeSocket.last.says(welcome);
  expect(news).toEqual(['interrupted', 'connected', 'welcome again']);
});

test('a silent socket is asked, and replaced when there is no answer', () => {
  joined();
  vi.advanceTimersByTime(4_000);
  expect(news).toContain('probe');
  FakeSocket.last.says(speaker);
  vi.advanceTimersByTime(4_000);
  expect(news).not.toContain('interrupted');
  vi.advanceTimersByTime(4_000);
  expect(news).toContain('interrupted');
  expect(FakeSocket.all.length).toBeGreaterThan(1);
});

test('in the background, where timers fire once a minute, a socket that answers is kept, and one that does not is lost at the second look', () => {
  signalling.leave();
  vi.stubGlobal('window', { setTimeout, setInterval: (look: () => void) => setInterval(look, 60_000) });
  signalling = new Signalling('https://rooms.test/hello', {
    ...handlers,
    probe: () => {
      news.push('probe');
      if (answers) setTimeout(() => FakeSocket.last.says(speaker), 20);
    },
  });
  let answers = true;
  joined();
  for (let minute = 0; minute < 5; minute++) vi.advanceTimersByTime(60_000);
  expect(news.filter((what) => what !== speaker.type)).toEqual(Array(5).fill('probe'));
  answers = false;
  vi.advanceTimersByTime(60_000);
  expect(news).not.toContain('interrupted');
  vi.advanceTimersByTime(60_000);
  expect(news).toContain('interrupted');
});

test('it gives up after a minute', () => {
  joined();
  FakeSocket.last.onclose();
  for (let second = 0; second < 70 && !news.includes('closed: lost'); second++) {
    vi.advanceTimersByTime(1_000);
    FakeSocket.last.onclose();
  }
  expect(news).toEqual(['interrupted', 'closed: lost']);
  const sockets = FakeSocket.all.length;
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(sockets);
});

test.each(['removed', 'replaced', 'room-expired'])('%s ends a call that was on, also on the way back', (code) => {
  joined();
  back();
  FakeSocket.last.says(refused(code));
  expect(news).toEqual(['interrupted', `closed: ${code}`]);
});

test('leaving says so, and nothing after it is heard or said', () => {
  joined();
  const socket = FakeSocket.last;
  signalling.leave();
  expect(socket.said.at(-1)).toEqual({ type: 'leave' });
  expect(socket.closed).toBe(true);
  socket.says(speaker);
  socket.onclose();
  signalling.send(levels);
  vi.advanceTimersByTime(60_000);
  expect(news).toEqual([]);
  expect(FakeSocket.all).toHaveLength(1);
});
