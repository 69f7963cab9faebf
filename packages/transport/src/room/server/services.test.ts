import type { RecordingSettings, TranscriptionMessage, TranscriptionSettings } from '@sluice/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRoomKit, EPOCH, type FakeClient } from '../../../test/room-kit.ts';
import type { RecordingRequest, TranscriptionRequest } from './room-services.ts';

/** A service that does what the test says. */
class FakeService<Settings, Request> {
  readonly requests: Request[] = [];
  readonly updates: Settings[] = [];
  stops = 0;
  start: 'runs' | 'fails' | 'throws' | 'hangs' = 'runs';
  stopping: Promise<void> = Promise.resolve();
  end: () => void = () => {};
  crash: (error: Error) => void = () => {};

  readonly open = (request: Request) => {
    this.requests.push(request);
    if (this.start === 'throws') throw new Error('thrown');
    if (this.start === 'fails') return Promise.reject(new Error('the disk is full'));
    if (this.start === 'hangs') return new Promise<never>(() => {});
    const ended = new Promise<void>((resolve, reject) => {
      this.end = resolve;
      this.crash = reject;
    });
    const update = async (settings: Settings) => void this.updates.push(settings);
    const stop = () => {
      this.stops++;
      return this.stopping;
    };
    return Promise.resolve({ update, stop, ended });
  };
}

let kit: ReturnType<typeof createRoomKit>;
let recorder: FakeService<RecordingSettings, RecordingRequest>;
let transcriber: FakeService<TranscriptionSettings, TranscriptionRequest>;
let owner: FakeClient;
let ada: FakeClient;

const build = async (properties = {}) => {
  recorder = new FakeService();
  transcriber = new FakeService();
  kit = createRoomKit(properties, { recorder: recorder.open, transcriber: transcriber.open });
  owner = await kit.owner();
  ada = await kit.join({ tracks: ['microphone'] });
};
beforeEach(() => build());

const answerTo = async (ask: Parameters<FakeClient['ask']>[0], by = owner) => {
  const answer = by.ask(ask);
  await kit.clock.settle();
  return answer();
};
const types = (client: FakeClient) =>
  client.sent.map(({ type }) => type).filter((type) => /^(?:recording|transcription)/.test(type));

describe('recording', () => {
  test('it is told to all before the recorder hears of it, and who joins later learns of it', async () => {
    let before = 0;
    const { open } = recorder;
    await build();
    kit = createRoomKit(
      {},
      {
        recorder: (request) => {
          before = ada.of('recording-started').length;
          return open(request);
        },
      },
    );
    owner = await kit.owner();
    ada = await kit.join();
    expect(await answerTo({ ask: 'start-recording', settings: { layout: { preset: 'grid' } } })).toBe('granted');
    expect(before).toBe(1);
    const { status } = ada.of('recording-started')[0]!;
    expect(status).toMatchObject({ startedBy: owner.id, layout: { preset: 'grid' } });
    expect((await kit.join()).welcome.recordings).toEqual([status]);
    expect(owner.of('granted')[0]?.grant).toEqual({ streamId: status.streamId });
  });

  test('the recorder enters unseen by a token of its own, for this room, until its work is over', async () => {
    kit.rooms.set('other', {});
    await answerTo({ ask: 'start-recording' });
    const { token, url } = recorder.requests[0]!.entry;
    expect(url).toBe('http://127.0.0.1:1/hello');
    expect((await kit.enter(token, { room: 'other' })).closedBy).toBe('token-invalid');
    const bot = await kit.enter(token);
    expect(bot.welcome.you.permissions).toMatchObject({ hasPresence: false, canSend: [], canAdmin: [] });
    expect(ada.sees(bot.id)).toMatchObject({ userName: '', tracks: [] });
    bot.say({ type: 'relay', to: ada.id, body: { kind: 'subscribe', link: { from: bot.id }, tracks: ['microphone'] } });
    expect(ada.of('relay').at(-1)?.body).toMatchObject({ tracks: ['microphone'] });
    expect(owner.ask({ ask: 'eject', ids: [bot.id] })()).toBe('unknown-participant');
    expect(await answerTo({ ask: 'stop-recording' })).toBe('granted');
    expect(bot.closedBy).toBe('removed');
    expect((await kit.enter(token)).closedBy).toBe('token-invalid');
  });

  test('it enters a private room with a lobby that is full', async () => {
    await build({ private: true, knocking: true, maxParticipants: 1 });
    await answerTo({ ask: 'start-recording' });
    expect((await kit.enter(recorder.requests[0]!.entry.token)).closedBy).toBeUndefined();
  });

  test('several by stream id, one without, and again by force', async () => {
    expect(await answerTo({ ask: 'start-recording', streamId: 'a' })).toBe('granted');
    expect(await answerTo({ ask: 'start-recording', streamId: 'b' })).toBe('granted');
    expect(await answerTo({ ask: 'start-recording' })).toBe('granted');
    expect(await answerTo({ ask: 'start-recording' })).toBe('state');
    expect(await answerTo({ ask: 'start-recording', streamId: 'a' })).toBe('state');
    expect(await answerTo({ ask: 'update-recording', settings: {} })).toBe('state');
    expect(await answerTo({ ask: 'start-recording', streamId: 'a', forceNew: true })).toBe('granted');
    expect(recorder.stops).toBe(1);
    expect(await answerTo({ ask: 'stop-recording' })).toBe('granted');
    expect(recorder.stops).toBe(4);
    expect(await answerTo({ ask: 'stop-recording' })).toBe('state');
    expect(await answerTo({ ask: 'stop-recording', streamId: 'a' })).toBe('state');
  });

  test('sixteen at once are the most', async () => {
    for (let n = 0; n < 16; n++) expect(await answerTo({ ask: 'start-recording', streamId: `${n}` })).toBe('granted');
    expect(await answerTo({ ask: 'start-recording', streamId: 'more' })).toBe('rate');
  });

  test('a change is told when it is done', async () => {
    await answerTo({ ask: 'start-recording', settings: { video: { width: 640 } } });
    expect(await answerTo({ ask: 'update-recording', settings: { layout: { preset: 'audio-only' } } })).toBe('granted');
    expect(recorder.updates).toEqual([{ video: { width: 640 }, layout: { preset: 'audio-only' } }]);
    expect(ada.of('recording-updated')[0]?.status.layout).toEqual({ preset: 'audio-only' });
  });

  test.each(['fails', 'throws', 'hangs'] as const)(
    'a recorder that %s is told to all, and ends nothing',
    async (how) => {
      recorder.start = how;
      const answer = owner.ask({ ask: 'start-recording' });
      await kit.clock.advance(20_000);
      expect(answer()).toBe('failed');
      expect(types(ada)).toEqual(['recording-started', 'recording-error']);
      expect((await kit.enter(recorder.requests[0]!.entry.token)).closedBy).toBe('token-invalid');
      recorder.start = 'runs';
      expect(await answerTo({ ask: 'start-recording' })).toBe('granted');
      expect(ada.closedBy).toBeUndefined();
    },
  );

  test('a recorder that crashes, one that ends, one that cannot stop', async () => {
    await answerTo({ ask: 'start-recording' });
    recorder.crash(new Error('a broken pipe'));
    await kit.clock.settle();
    expect(ada.of('recording-error')[0]?.message).toBe('a broken pipe');
    await answerTo({ ask: 'start-recording' });
    recorder.end();
    await kit.clock.settle();
    await answerTo({ ask: 'start-recording' });
    recorder.stopping = Promise.reject(new Error('the disk is full'));
    expect(await answerTo({ ask: 'stop-recording' })).toBe('failed');
    expect(types(ada)).toEqual([
      'recording-started',
      'recording-error',
      'recording-started',
      'recording-stopped',
      'recording-started',
      'recording-error',
    ]);
  });

  test('it ends after its longest time, which may be changed', async () => {
    await answerTo({ ask: 'start-recording', settings: { maxDuration: 60 } });
    await kit.clock.advance(59_000);
    await answerTo({ ask: 'update-recording', settings: { maxDuration: 10 } });
    await kit.clock.advance(9_999);
    expect(recorder.stops).toBe(0);
    await kit.clock.advance(1);
    expect(recorder.stops).toBe(1);
    expect(ada.of('recording-stopped')).toHaveLength(1);
  });

  test('one that is stopped while it begins is stopped once it runs', async () => {
    const answers = [owner.ask({ ask: 'start-recording' }), owner.ask({ ask: 'stop-recording' })];
    await kit.clock.settle();
    expect(answers.map((answer) => answer())).toEqual(['granted', 'granted']);
    expect(types(ada)).toEqual(['recording-started', 'recording-stopped']);
  });

  test('the last who is shown ends it by leaving', async () => {
    await answerTo({ ask: 'start-recording' });
    const bot = await kit.enter(recorder.requests[0]!.entry.token);
    ada.say({ type: 'leave' });
    owner.say({ type: 'leave' });
    await kit.clock.settle();
    expect(recorder.stops).toBe(1);
    expect(bot.closedBy).toBe('removed');
    expect(kit.hub.roomNames).toEqual([]);
  });

  test('by the room, from the first who is shown; by a token, when its holder is in', async () => {
    await build({ recordFromStart: true });
    await kit.clock.settle();
    expect(recorder.requests.map(({ status }) => status.startedBy)).toEqual([null]);
    await build();
    const holder = await kit.join({ grant: { startRecording: true } });
    await kit.join({ grant: { startRecording: true } });
    expect(recorder.requests.map(({ status }) => status.startedBy)).toEqual([holder.id]);
    expect(types(holder)).toEqual(['recording-started']);
  });

  test('a room that may not be recorded is not, and says so', async () => {
    await build({ recording: false, recordFromStart: true });
    expect(owner.welcome.room.recording).toBe(false);
    expect(await answerTo({ ask: 'start-recording' })).toBe('unavailable');
    expect(recorder.requests).toEqual([]);
  });
});

describe('transcription', () => {
  const words: TranscriptionMessage = {
    participantId: '00000000-0000-4000-8000-000000000000',
    text: 'hello',
    timestamp: new Date(EPOCH).toISOString(),
    trackType: 'microphone',
    isFinal: true,
  };

  test('what was said is told to all, until it ends', async () => {
    expect(await answerTo({ ask: 'start-transcription', settings: { language: 'en' } })).toBe('granted');
    const { tell, status } = transcriber.requests[0]!;
    tell(words);
    expect(ada.of('transcription-message')[0]?.message).toEqual({ ...words, instanceId: status.instanceId });
    await answerTo({ ask: 'update-transcription', participants: [ada.id] });
    await answerTo({ ask: 'update-transcription', participants: null });
    expect(transcriber.updates).toEqual([{ language: 'en', participants: [ada.id] }, { language: 'en' }]);
    expect(await answerTo({ ask: 'stop-transcription' })).toBe('granted');
    tell(words);
    expect(types(ada)).toEqual([
      'transcription-started',
      'transcription-message',
      'transcription-updated',
      'transcription-updated',
      'transcription-stopped',
    ]);
    expect(ada.of('transcription-stopped')[0]).toMatchObject({ updatedBy: owner.id, stoppedByError: false });
  });

  test('what is no message is not told', async () => {
    await answerTo({ ask: 'start-transcription' });
    const { tell } = transcriber.requests[0]!;
    expect(() => tell({ ...words, text: 'x'.repeat(5_000) })).toThrow(TypeError);
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(() => tell({ ...words, rawResponse: circular })).toThrow(TypeError);
    expect(ada.of('transcription-message')).toEqual([]);
  });

  test('one that crashes is told, and was stopped by an error', async () => {
    await answerTo({ ask: 'start-transcription' });
    transcriber.crash(new Error('the recogniser ended'));
    await kit.clock.settle();
    expect(types(ada)).toEqual(['transcription-started', 'transcription-error', 'transcription-stopped']);
    expect(ada.of('transcription-stopped')[0]).toMatchObject({ updatedBy: null, stoppedByError: true });
  });
});

test('a hub that closes waits until everything is written', async () => {
  let written = () => {};
  recorder.stopping = new Promise((resolve) => {
    written = resolve;
  });
  await answerTo({ ask: 'start-recording' });
  let closed = false;
  const closing = kit.hub.close().then(() => {
    closed = true;
  });
  await kit.clock.settle();
  expect([closed, ada.closedBy]).toEqual([false, 'closing']);
  written();
  await closing;
});
