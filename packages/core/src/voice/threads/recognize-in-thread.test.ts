import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../../media/audio-frame.ts';
import { micros } from '../../time/units.ts';
import { defineVoiceModel } from '../define-voice-model.ts';
import type { RecognizerEvent } from '../recognizer.ts';
import { recognizeInThread } from './recognize-in-thread.ts';

const thread = new URL('../../../test/workers/counting-decoder.mjs', import.meta.url);
const counter = (isolated: boolean, mostStretchMs = 60_000) =>
  defineVoiceModel<'recognizer', { readonly says: string }>({
    kind: 'recognizer',
    name: 'counter',
    accepts: { sampleRates: [16_000], channels: [1] },
    latencyMs: 0,
    words: true,
    settings: { says: 'a' },
    start: (context) =>
      recognizeInThread(context, {
        name: 'counter',
        thread,
        isolated,
        sampleRate: 16_000,
        mostStretchMs,
        setUp: ({ says }) => says,
      }),
  });
const frame = (ms: number, first = 0, epoch = 0) => {
  const samples = new Int16Array(320);
  samples[0] = first;
  return new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(ms * 1_000), epoch });
};

describe.each([
  ['a thread', false],
  ['a process', true],
])('a recogniser in %s', (_where, isolated) => {
  const open = async (says = 'a', mostStretchMs?: number) => {
    const session = await counter(isolated, mostStretchMs).open({ settings: { says } });
    const events: RecognizerEvent[] = [];
    const over = (async () => {
      for await (const event of session) events.push(event);
    })();
    return {
      session,
      events,
      over,
      finals: () => events.filter(({ type }) => type === 'final').map(({ text }) => text),
    };
  };

  it('tells partials and finals in media time, and ends stretches at holes and when they are long', async () => {
    const { session, events, over, finals } = await open('a', 100);
    for (const ms of [0, 20, 500]) await session.write(frame(ms));
    await session.flush();
    for (let index = 0; index < 6; index++) await session.write(frame(1_000 + 20 * index));
    await session.flush();
    await session.flush();
    await session.close();
    await over;
    expect(events.slice(0, 3)).toMatchObject([
      { type: 'partial', text: 'a 320' },
      { type: 'partial', text: 'a 640', words: [{ text: 'a', start: 0, end: 40_000 }] },
      { type: 'final', text: 'a 640', start: 0, end: 40_000 },
    ]);
    expect(finals()).toEqual(['a 640', 'a 320', 'a 1600', 'a 320']);
  });

  it('takes new settings between stretches, and tells nothing of what was cancelled', async () => {
    const { session, over, finals } = await open();
    await session.write(frame(0));
    session.update({ says: 'b' });
    await session.write(frame(20));
    await session.flush();
    await session.write(frame(40));
    session.cancel(1);
    await session.write(frame(60, 0, 1));
    await session.flush();
    await session.close();
    await over;
    expect(finals()).toEqual(['a 640', 'b 320']);
  });

  it('rejects for a set-up that is refused, and is lost to a later fault or another format', async () => {
    await expect(open('refuse')).rejects.toMatchObject({ category: 'give-up', message: 'counter: not this one' });
    const { session, over } = await open();
    const lost = expect(over).rejects.toMatchObject({ code: 'SLUICE_VOICE_MODEL', message: 'counter: thirteen' });
    await session.write(frame(0, 13));
    await lost;
    const other = await open();
    const refused = expect(other.over).rejects.toThrow(/one channel of 16 kHz; received "1 of 8000 Hz"/);
    void other.session.write(frame(0).derive({ sampleRate: 8_000 }));
    await refused;
    await Promise.all([session.close(), other.session.close(), other.session.close()]);
  });
});

it('survives a decoder that takes its process down', async () => {
  const opening = counter(true).open({ settings: { says: 'die' } });
  await expect(opening).rejects.toMatchObject({
    category: 'give-up',
    message: expect.stringMatching(/did not start: its process ended with SIGKILL/),
  });
});
