import type { Recognizer, RecognizerEvent } from '@sluice/core/voice';
import {
  type DeepgramFluxOptions,
  type DeepgramListenOptions,
  deepgramFlux,
  deepgramListen,
} from '@sluice/plugin-deepgram';
import { type DeepgramServerOptions, startDeepgramServer } from '@sluice/plugin-deepgram/testing';
import { ObservedSession, silenceFrames, toneFrames } from '@sluice/service/testing';
import { afterEach, describe, expect, it } from 'vitest';

const key = 'dg-7f3a9c';
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A session at a local server, and what it has told. */
async function session<S extends object>(options: DeepgramServerOptions, make: (baseUrl: string) => Recognizer<S>) {
  const server = await startDeepgramServer({ texts: ['one two three', 'four five'], apiKey: key, ...options });
  open.push(server);
  const observed = await ObservedSession.open(make(server.baseUrl), { secrets: { apiKey: key } });
  open.push(observed);
  const { session, events, ended } = observed;
  return { server, session, events, finals: () => observed.of('final'), ended };
}
const listen = (options: DeepgramServerOptions = {}, own: DeepgramListenOptions = {}) =>
  session(options, (baseUrl) => deepgramListen({ baseUrl, ...own }));
const flux = (own: DeepgramFluxOptions = {}) => session({}, (baseUrl) => deepgramFlux({ baseUrl, ...own }));

describe('deepgramListen', () => {
  it('gives words the media time of the frames, over gaps and from stretch to stretch', async () => {
    const { session: hears, finals } = await listen();
    for (const frame of [...toneFrames(5_000, 300), ...toneFrames(9_000, 300), ...silenceFrames(9_300, 200)])
      await hears.write(frame);
    await hears.flush();
    for (const frame of [...toneFrames(20_000, 400), ...silenceFrames(20_400, 200)]) await hears.write(frame);
    await hears.flush();
    expect(finals().map(({ text }) => text)).toEqual(['one two three', 'four five']);
    const [first, second] = finals();
    expect(first?.words.map(({ start, end }) => [start, end])).toEqual([
      [5_000_000, 5_200_000],
      [5_200_000, 9_100_000],
      [9_100_000, 9_300_000],
    ]);
    expect([first?.start, first?.end]).toEqual([5_000_000, 9_300_000]);
    expect(second?.words.at(-1)).toMatchObject({ text: 'five', end: 20_400_000, confidence: 0.98 });
  });

  it('says what it wants, with the key in no address', async () => {
    const { server } = await listen({}, { language: 'de', keyterms: ['Sluice', 'Janus'], endpointingMs: 0 });
    const [socket] = server.sockets;
    expect(socket?.headers.authorization).toBe(`Token ${key}`);
    expect(socket?.query.getAll('keyterm')).toEqual(['Sluice', 'Janus']);
    expect(Object.fromEntries(socket!.query)).toMatchObject({
      model: 'nova-3',
      language: 'de',
      endpointing: 'false',
      encoding: 'linear16',
      sample_rate: '16000',
      interim_results: 'true',
    });
    expect([...socket!.query.values()].join()).not.toContain(key);
  });

  it.each([
    ['that the service ends', { type: 'close', code: 1011, reason: 'NET-0001', afterMessages: 2 }],
    ['that is cut in mid-message', { type: 'cut', afterBytes: 500 }],
    ['that takes long to answer', { type: 'slow', firstByteMs: 80 }],
  ] as const)('hears all of it once over a connection %s', async (_name, fault) => {
    const { session: hears, finals, server } = await listen({ faults: [fault] });
    for (const frame of [...toneFrames(0, 1_000), ...silenceFrames(1_000, 200)]) {
      await hears.write(frame);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await hears.flush();
    expect(finals().map(({ text, start, end }) => [text, start, end])).toEqual([['one two three', 0, 1_000_000]]);
    expect(server.sockets).toHaveLength(fault.type === 'close' || fault.type === 'cut' ? 2 : 1);
    await hears.write(toneFrames(2_000, 20)[0]!);
    expect(hears.settings.language).toBe('en');
  });

  it('takes what was told last for the final when none comes, and goes on with a new connection', async () => {
    const {
      session: hears,
      finals,
      server,
    } = await listen({ faults: [{ type: 'stall', afterBytes: 500 }] }, { finishMs: 100 });
    for (const frame of toneFrames(0, 1_000)) await hears.write(frame);
    await hears.flush();
    expect(finals()).toHaveLength(1);
    for (const frame of toneFrames(1_000, 400)) await hears.write(frame);
    await hears.flush();
    expect(server.sockets).toHaveLength(2);
    expect(finals()[1]?.text).toBe('one two three');
  });

  it('gives up a service that says nothing at all, and asks it again elsewhere', async () => {
    const stalls = (count: number) => Array.from({ length: count }, () => ({ type: 'stall', afterBytes: 0 }) as const);
    const once = await listen({ faults: stalls(1) }, { finishMs: 100 });
    for (const frame of toneFrames(0, 4_000)) await once.session.write(frame);
    await once.session.flush();
    expect(once.finals().map(({ text, end }) => [text, end])).toEqual([['one two three', 4_000_000]]);
    const always = await listen({ faults: stalls(4) }, { finishMs: 100 });
    for (const frame of toneFrames(0, 4_000)) await always.session.write(frame);
    await always.session.flush();
    await expect(always.ended).resolves.toMatchObject({
      category: 'retry',
      message: expect.stringMatching(/^deepgram-listen: Deepgram: .*says nothing/),
    });
    expect(always.server.sockets).toHaveLength(3);
  });

  it('answers a flush after nothing but silence', async () => {
    const { session: hears, finals } = await listen();
    for (const frame of silenceFrames(0, 400)) await hears.write(frame);
    await hears.flush();
    await hears.flush();
    expect(finals().map(({ text, end }) => [text, end])).toEqual([['', 400_000]]);
  });

  it('takes new settings with a new connection, after what was said', async () => {
    const { session: hears, finals, server } = await listen();
    for (const frame of toneFrames(0, 400)) await hears.write(frame);
    hears.update({ language: 'de' });
    await hears.flush();
    for (const frame of toneFrames(400, 400)) await hears.write(frame);
    await hears.flush();
    expect(finals().map(({ text }) => text)).toEqual(['one two three', 'one two three']);
    expect(server.sockets.map(({ query }) => query.get('language'))).toEqual(['en', 'de']);
    expect(server.sockets[0]?.received.at(-1)).toEqual({ type: 'CloseStream' });
    expect(() => hears.update({ endpointingMs: -1 })).toThrow(RangeError);
  });

  it.each([
    ['Results of another form', { type: 'insert', text: '{"type":"Results","start":"0"}' }, 'fall-back'],
    ['sound that it cannot read', { type: 'close', code: 1008, reason: 'DATA-0000', afterMessages: 0 }, 'give-up'],
  ] as const)('ends with what helps after %s', async (_name, fault, category) => {
    const { session: hears, ended } = await listen({ faults: [fault] });
    const writing = setInterval(() => {
      try {
        void hears.write(toneFrames(0, 20)[0]!);
      } catch {
        clearInterval(writing);
      }
    }, 1);
    await expect(ended).resolves.toMatchObject({ code: 'SLUICE_VOICE_MODEL', model: 'deepgram-listen', category });
    clearInterval(writing);
  });

  it.each([
    [
      [{ type: 'status', status: 401, body: { err_code: 'INVALID_AUTH', err_msg: `Invalid ${key}.` } }],
      'give-up',
      /Deepgram: Invalid \[hidden\].*`apiKey` was refused/,
    ],
    [
      [{ type: 'status', status: 429, headers: { 'retry-after': '60' }, body: { err_msg: 'Too many requests' } }],
      'wait',
      /Deepgram: Too many requests/,
    ],
    [Array.from({ length: 3 }, () => ({ type: 'status', status: 503 })), 'retry', /Deepgram/],
    [Array.from({ length: 3 }, () => ({ type: 'refuse' })), 'retry', /Deepgram/],
  ] as const)('does not open, and tries no longer than it helps: %j', async (faults, category, message) => {
    const server = await startDeepgramServer({ faults: faults as never });
    open.push(server);
    const opening = deepgramListen({ baseUrl: server.baseUrl, apiKey: () => key }).open();
    await expect(opening).rejects.toMatchObject({ category, message: expect.stringMatching(message) });
    const error: Error = await opening.catch((reason) => reason);
    expect(error.message).not.toContain(key);
    if (category === 'wait') expect(error).toMatchObject({ retryAfterMs: 60_000 });
    expect(server.sockets).toHaveLength(0);
  });

  it('refuses nonsense', () => {
    expect(() => deepgramListen({ modle: 'nova-3' } as never)).toThrow(/deepgramListen\.modle/);
    expect(() => deepgramListen({ baseUrl: 'deepgram.com' })).toThrow(/deepgramListen\.baseUrl/);
    expect(() => deepgramListen({ sampleRate: 11_025 })).toThrow(RangeError);
    expect(() => deepgramListen({ apiKey: 'a key' as never })).toThrow(TypeError);
    expect(() => deepgramFlux({ eagerThreshold: 0.1 })).toThrow(/deepgramFlux\.eagerThreshold/);
  });
});

describe('deepgramFlux', () => {
  const marks = (events: readonly RecognizerEvent[]) =>
    events.flatMap(({ turn, text }) => (turn === undefined ? [] : [`${turn} ${text}`]));

  it('tells what becomes of a turn, and takes back what it took for the end', async () => {
    const { session: hears, events, finals } = await flux({ eagerThreshold: 0.5 });
    const said = [
      ...toneFrames(0, 600),
      ...silenceFrames(600, 400),
      ...toneFrames(1_000, 600),
      ...silenceFrames(1_600, 1_200),
    ];
    for (const frame of said) await hears.write(frame);
    await hears.flush();
    expect(marks(events)).toEqual([
      'begun one',
      'ending one two three',
      'resumed one two three four',
      'ending one two three four five',
      'over one two three four five',
    ]);
    expect(finals()).toMatchObject([{ turn: 'over', end: 1_600_000 }]);
    expect(finals()[0]?.words.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four', 'five']);
  });

  it('ends a turn when it is asked to, and nothing where there is none', async () => {
    const { session: hears, events, server } = await flux();
    for (const frame of toneFrames(0, 600)) await hears.write(frame);
    await hears.flush();
    expect(marks(events)).toEqual(['begun one', 'over one two three']);
    expect(server.sockets[0]?.received).toContainEqual({ type: 'ForceEndTurn' });
    await hears.flush();
    expect(marks(events)).toHaveLength(2);
  });

  it('moves its thresholds on the connection that there is, and takes one away by another', async () => {
    const { session: hears, server } = await flux();
    hears.update({ threshold: 0.9, eagerThreshold: 0.4 });
    for (const frame of toneFrames(0, 600)) await hears.write(frame);
    await hears.flush();
    expect(server.sockets[0]?.received).toContainEqual({
      type: 'Configure',
      thresholds: { eot_threshold: 0.9, eager_eot_threshold: 0.4, eot_timeout_ms: 5_000 },
      keyterms: [],
    });
    hears.update({ eagerThreshold: 0 });
    await hears.flush();
    for (const frame of toneFrames(600, 600)) await hears.write(frame);
    await hears.flush();
    expect(server.sockets.map(({ query }) => query.get('eager_eot_threshold'))).toEqual([null, null]);
  });
});
