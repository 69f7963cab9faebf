import { randomUUID } from 'node:crypto';
import { defineVoiceModel, fakeRecognizer, fakeVoiceDetector, type Recognizer, voiceError } from '@sluice/core/voice';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';
import type { TranscriptionMessage, TranscriptionSettings } from '@sluice/protocol';
import { roomTranscriber } from '@sluice/recorder';
import { CallClient, type TranscriptionRequest } from '@sluice/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { say } from '../../../test/speech/speech.ts';
import { TestRoom } from './test-room.ts';
import { until } from './until.ts';

let room: TestRoom;
let told: TranscriptionMessage[];
beforeEach(async () => {
  room = await TestRoom.open();
  told = [];
});
afterEach(() => room.close());

const finals = () => told.filter(({ isFinal }) => isFinal);

function request(settings: TranscriptionSettings = {}): TranscriptionRequest {
  const status = { instanceId: 'instance', transcriptId: randomUUID(), startedBy: null };
  return { entry: room.entry('talk'), status, settings, tell: (message) => told.push(message) };
}

/** A transcriber's client, and when it receives everybody. */
function listener() {
  const client = new CallClient();
  const hears = () =>
    until(() =>
      Object.values(client.participants()).every(
        ({ info, media }) => info.isLocal || media.microphone.state === 'playable',
      ),
    );
  return { client: () => client, hears };
}

/** Half a second that is loud, between silence. */
function utterance(): Int16Array {
  return Int16Array.from({ length: 24_000 }, (_, n) =>
    n > 8_000 && n < 16_000 ? 8_000 * Math.sin((2 * Math.PI * 400 * n) / 16_000) : 0,
  );
}

/** Dies at the first sound. */
function mortal(): Recognizer<object> {
  return defineVoiceModel({
    kind: 'recognizer',
    name: 'mortal',
    accepts: { sampleRates: [16_000], channels: [1] },
    latencyMs: 0,
    words: false,
    settings: {},
    start: () => ({
      write(frame) {
        if (frame.samples.some((sample) => Math.abs(sample) > 1_000))
          throw voiceError('the service is gone', { model: 'mortal', category: 'give-up' });
      },
      async flush() {},
    }),
  });
}

describe('a transcriber in a room', () => {
  it('tells who said what and when, as it is understood', async () => {
    const [ada, bob] = [await room.enter('talk', 'Ada'), await room.enter('talk', 'Bob')];
    const recognizer = fakeRecognizer({ texts: ['good morning everybody', 'again'] });
    const detector = fakeVoiceDetector();
    const { client, hears } = listener();
    const running = await roomTranscriber({ recognizer, detector, client })(request({ includeRawResponse: true }));
    await hears();
    const before = Date.now();
    await ada.microphone.writeFrames(utterance());
    await until(() => finals().length === 1);
    expect(finals()[0]).toMatchObject({
      participantId: ada.id,
      text: 'good morning everybody',
      trackType: 'microphone',
      instanceId: 'instance',
      rawResponse: { words: expect.any(Array), final: true },
    });
    expect(told[0]).toMatchObject({ text: 'good', isFinal: false });
    const began = Date.parse(finals()[0]!.timestamp) - before;
    expect(began).toBeGreaterThan(400);
    expect(began).toBeLessThan(1_000);

    await running.update({ participants: [bob.id], includeRawResponse: false });
    await Promise.all([ada.microphone.writeFrames(utterance()), bob.microphone.writeFrames(utterance())]);
    await until(() => finals().length === 2);
    expect(finals()[1]!.participantId).toBe(bob.id);
    expect(finals()[1]).not.toHaveProperty('rawResponse');
    await running.stop();
    await running.ended;
    expect(finals()).toHaveLength(2);
  });

  it('goes on without one that died, and ends when none is left', async () => {
    const people = [await room.enter('talk', 'Ada'), await room.enter('talk', 'Bob')];
    const { client, hears } = listener();
    const running = await roomTranscriber({ recognizer: mortal(), client })(request());
    await hears();
    let ended = false;
    running.ended.catch(() => {
      ended = true;
    });
    await people[0]!.microphone.writeFrames(utterance());
    await until(() => people[1]!.client.participantCounts().present === 3);
    expect(ended).toBe(false);
    await people[1]!.microphone.writeFrames(utterance());
    await expect(running.ended).rejects.toMatchObject({
      code: 'SLUICE_NODE_FAILED',
      message: expect.stringContaining('the service is gone'),
    });
    await running.stop();
  });

  it('understands speech through a call', async () => {
    const ada = await room.enter('talk', 'Ada');
    const recognizer = soundswallower({ sentences: ['who are you', 'set a timer for twenty seconds', 'stop'] });
    const { client, hears } = listener();
    const running = await roomTranscriber({ recognizer, detector: fvad(), client })(request());
    await hears();
    for (const text of ['set a timer for twenty seconds', 'who are you']) {
      const before = finals().length;
      // A machine under load may lose a sound, and a sentence with it.
      for (let time = 0; time < 4 && finals().length === before; time++) {
        await ada.microphone.writeFrames(new Int16Array([...say(text), ...new Int16Array(32_000)]));
      }
      expect(finals().at(-1)).toMatchObject({ text, participantId: ada.id });
    }
    await running.stop();
  });
});
