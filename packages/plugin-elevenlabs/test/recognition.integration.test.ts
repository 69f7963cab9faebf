import { type ElevenLabsRecognizerOptions, elevenLabsRecognizer } from '@sluice/plugin-elevenlabs';
import { type ElevenLabsServerOptions, startElevenLabsServer } from '@sluice/plugin-elevenlabs/testing';
import { ObservedSession, silenceFrames, toneFrames } from '@sluice/service/testing';
import { afterEach, describe, expect, it } from 'vitest';

const key = 'el-7f3a9c';
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function hearer(options: ElevenLabsServerOptions = {}, own: ElevenLabsRecognizerOptions = {}) {
  const server = await startElevenLabsServer({ texts: ['one two three', 'four five'], apiKey: key, ...options });
  open.push(server);
  const observed = await ObservedSession.open(
    elevenLabsRecognizer({ baseUrl: server.baseUrl, apiKey: () => key, ...own }),
  );
  open.push(observed);
  const { session, events } = observed;
  return { server, session, events, finals: () => observed.of('final') };
}

describe('elevenLabsRecognizer', () => {
  it('tells partials, and finals with word times over gaps', async () => {
    const { session, events, finals, server } = await hearer();
    for (const frame of [...toneFrames(5_000, 300), ...toneFrames(9_000, 300), ...silenceFrames(9_300, 200)])
      await session.write(frame);
    await session.flush();
    for (const frame of toneFrames(20_000, 400)) await session.write(frame);
    await session.flush();
    expect(events[0]).toMatchObject({ type: 'partial', text: 'one' });
    expect(finals().map(({ text, start, end }) => [text, start, end])).toEqual([
      ['one two three', 5_000_000, 9_300_000],
      ['four five', 20_000_000, 20_400_000],
    ]);
    expect(finals()[0]?.words[1]).toEqual({
      text: 'two',
      start: 5_200_000,
      end: 9_100_000,
      confidence: Math.exp(-0.02),
    });
    expect(Object.fromEntries(server.sockets[0]!.query)).toMatchObject({
      model_id: 'scribe_v2_realtime',
      audio_format: 'pcm_16000',
      commit_strategy: 'manual',
      include_timestamps: 'true',
    });
    expect(server.sockets[0]?.received.at(-1)).toEqual({
      message_type: 'input_audio_chunk',
      audio_base_64: '',
      commit: true,
      sample_rate: 16_000,
    });
  });

  it.each([
    ['by its time limit', { type: 'insert', text: '{"message_type":"session_time_limit_exceeded","error":"Over."}' }],
    ['in mid-word', { type: 'close', code: 1011, reason: 'recycled', afterMessages: 2 }],
    ['in mid-message', { type: 'cut', afterBytes: 250 }],
  ] as const)('goes on without loss when a session is ended %s', async (_name, fault) => {
    const { session, finals, server } = await hearer({ faults: [fault] });
    for (const frame of [...toneFrames(0, 1_000), ...silenceFrames(1_000, 200)]) {
      await session.write(frame);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await session.flush();
    expect(finals().map(({ text, start, end }) => [text, start, end])).toEqual([['one two three', 0, 1_000_000]]);
    expect(server.sockets).toHaveLength(2);
  });

  it('takes too little sound for nothing, and new settings with a new connection', async () => {
    const { session, finals, server } = await hearer();
    for (const frame of silenceFrames(0, 100)) await session.write(frame);
    await session.flush();
    expect(finals().map(({ text }) => text)).toEqual(['']);
    session.update({ language: 'de', endpointingMs: 500 });
    await session.flush();
    for (const frame of toneFrames(100, 400)) await session.write(frame);
    await session.flush();
    expect(server.sockets.at(-1)?.query.get('commit_strategy')).toBe('vad');
    expect(server.sockets.at(-1)?.query.get('vad_silence_threshold_secs')).toBe('0.5');
    expect(finals().at(-1)?.text).toBe('one two three');
  });

  it.each([
    ['auth_error', 'give-up'],
    ['quota_exceeded', 'give-up'],
    ['unaccepted_terms', 'give-up'],
    ['invalid_request', 'give-up'],
    ['input_error', 'fall-back'],
  ])('does not open after %s', async (code, category) => {
    const said = { message_type: code, error: `no, not with ${key}` };
    const opening = hearer({ faults: [{ type: 'insert', text: JSON.stringify(said) }] });
    await expect(opening).rejects.toMatchObject({ model: 'elevenlabs-recognizer', category });
    await expect(opening).rejects.not.toThrow(key);
  });

  it.each([
    ['rate_limited', 'wait'],
    ['transcriber_error', 'retry'],
  ])('opens after %s, once it has passed', async (code) => {
    const { session, finals } = await hearer({
      faults: [{ type: 'insert', text: JSON.stringify({ message_type: code, error: 'Later.' }) }],
    });
    for (const frame of toneFrames(0, 400)) await session.write(frame);
    await session.flush();
    expect(finals()).toHaveLength(1);
  });

  it('refuses nonsense', () => {
    expect(() => elevenLabsRecognizer({ readyMs: 10 })).toThrow(/elevenLabsRecognizer\.readyMs/);
    expect(() => elevenLabsRecognizer({ endpointingMs: 100 })).toThrow(/elevenLabsRecognizer\.endpointingMs/);
    expect(() => elevenLabsRecognizer({ keyterms: 'x' as never })).toThrow(TypeError);
  });
});
