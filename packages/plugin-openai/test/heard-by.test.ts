import { AudioFrame, realClock, samplesToMicros } from '@sluice/core';
import { defineVoiceModel, fakeRecognizer, type Recognizer } from '@sluice/core/voice';
import { openaiRealtime } from '@sluice/plugin-openai';
import { heardBy, startOpenAiServer } from '@sluice/plugin-openai/testing';
import { expect, it } from 'vitest';

const SAMPLE_RATE = 24_000;

/** So many seconds of a tone. */
function tone(seconds: number): Int16Array {
  return Int16Array.from({ length: seconds * SAMPLE_RATE }, (_, at) => 8_000 * Math.sin(at / 9));
}

/** Says how long what it hears was, in milliseconds of the media; rejects what is shorter than half a second. */
function stopwatch(opened: number[] = []): Recognizer<object> {
  return defineVoiceModel<'recognizer', object>({
    kind: 'recognizer',
    name: 'stopwatch',
    accepts: { sampleRates: [16_000], channels: [1] },
    latencyMs: 0,
    words: true,
    settings: {},
    start: ({ emit }) => {
      opened.push(opened.length);
      let stretch: AudioFrame[] = [];
      return {
        write: (frame) => void stretch.push(frame.clone()),
        flush: () => {
          const ms = stretch.reduce((sum, { samples }) => sum + samples.length, 0) / 16;
          const [start, end] = [stretch[0]!.timestamp, stretch.at(-1)!.timestamp];
          for (const frame of stretch.splice(0)) frame.close();
          stretch = [];
          const text = String(Math.round(ms));
          emit({ type: 'final', text, words: [{ text, start, end }], start, end, rejected: ms < 500 });
        },
      };
    },
  });
}

it('hears one sound after the other with one session, at the rate that the recogniser takes', async () => {
  const opened: number[] = [];
  await using ears = heardBy(stopwatch(opened));
  const hear = (seconds: number) => ears({ samples: tone(seconds), sampleRate: SAMPLE_RATE });
  const heard = await Promise.all([hear(1), hear(0.25), hear(0.755)]);
  expect(heard).toEqual([
    { text: '1000', words: [{ word: '1000', start: 0, end: expect.closeTo(1, 0) }] },
    { text: '', words: [] },
    { text: '755', words: [{ word: '755', start: 0, end: expect.closeTo(0.7, 0) }] },
  ]);
  expect(opened).toHaveLength(1);
});

it('opens another session when the recogniser is lost', async () => {
  let count = 0;
  const model = fakeRecognizer({ texts: () => 'hello' });
  const fragile: Recognizer = {
    ...model,
    open: async (options) => {
      if (count++ === 0) throw new Error('it is tired');
      return model.open(options);
    },
  };
  await using ears = heardBy(fragile);
  await expect(ears({ samples: tone(1), sampleRate: SAMPLE_RATE })).rejects.toThrow('it is tired');
  expect(await ears({ samples: tone(1), sampleRate: SAMPLE_RATE })).toMatchObject({ text: 'hello' });
});

it('hears the turns of a Realtime session, each from where it began', async () => {
  await using ears = heardBy(stopwatch());
  await using server = await startOpenAiServer({
    realtime: { hears: ears, reply: (items) => `heard ${items.at(-1)!.text}` },
  });
  const turns = { type: 'server_vad', silenceMs: 200 } as const;
  const session = await openaiRealtime({ baseUrl: server.baseUrl, turns }).open({ clock: realClock });
  const sound = new Int16Array(SAMPLE_RATE * 4);
  sound.set(tone(1), SAMPLE_RATE * 2);
  const length = SAMPLE_RATE / 50;
  for (let at = 0; at < sound.length; at += length) {
    const timestamp = samplesToMicros(at, SAMPLE_RATE);
    const frame = new AudioFrame({
      samples: sound.slice(at, at + length),
      sampleRate: SAMPLE_RATE,
      channels: 1,
      timestamp,
    });
    await session.write({ type: 'audio', frame });
  }
  await session.write({ type: 'respond', id: 'r1', epoch: 0 });
  let said = '';
  for await (const event of session) {
    if (event.type === 'text') said += event.text;
    if (event.type === 'finished') break;
  }
  await session.close();
  // The quiet before it belongs to it for 300 ms, that behind it for 200.
  const ms = Number(server.realtime[0]!.items[0]!.text);
  expect(ms).toBeGreaterThanOrEqual(1_480);
  expect(ms).toBeLessThanOrEqual(1_540);
  expect(said.trim()).toBe(`heard ${ms}`);
});
