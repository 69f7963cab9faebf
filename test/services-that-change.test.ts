import { inspect } from 'node:util';
import { measureTone } from '@sluice/core/testing';
import { fakeLanguageModel, fakeSynthesizer, fallback } from '@sluice/core/voice';
import { deepgramListen, deepgramSpeak } from '@sluice/plugin-deepgram';
import { startDeepgramServer } from '@sluice/plugin-deepgram/testing';
import { elevenLabsSpeech } from '@sluice/plugin-elevenlabs';
import { startElevenLabsServer } from '@sluice/plugin-elevenlabs/testing';
import { openaiTranscription } from '@sluice/plugin-openai';
import { startOpenAiServer } from '@sluice/plugin-openai/testing';
import { describe, expect, it } from 'vitest';
import { VirtualConversation } from './virtual-conversation.ts';

const KEY = 'a-key-of-the-tests-0123456789';
const apiKey = () => KEY;
const STORY = Array.from({ length: 4 }, (_, index) => `This is sentence number ${index + 1}.`).join(' ');

/** What a service says by itself comes over a real socket, for which no clock waits. */
async function advance({ clock }: VirtualConversation, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 20) {
    await clock.advance(20);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** How much of a sound is no silence, in milliseconds. */
function loudMs(samples: Int16Array, sampleRate: number): number {
  const length = sampleRate / 100;
  let loud = 0;
  for (let at = 0; at < samples.length; at += length)
    if (samples.subarray(at, at + length).some((sample) => Math.abs(sample) > 1_000)) loud += 10;
  return loud;
}

describe('services that change under an agent', () => {
  it('go on with the ears of another one when one is lost for good, and lose no word', async () => {
    await using deepgram = await startDeepgramServer({
      texts: ['lost'],
      faults: [
        { type: 'close', code: 1011, reason: 'NET-0001', afterMessages: 1 },
        { type: 'status', status: 401, body: { err_code: 'INVALID_AUTH', err_msg: `Invalid ${KEY}.` } },
      ],
    });
    const heard: number[] = [];
    const texts = ['what time is it', 'thank you'];
    await using openai = await startOpenAiServer({
      transcribe: ({ samples, sampleRate }) => texts[heard.push(loudMs(samples, sampleRate)) - 1] ?? '',
    });
    const stretches = [
      [500, 1_500],
      [6_000, 7_000],
    ] as const;
    await using talk = await VirtualConversation.begin(stretches, [], {
      recognizer: fallback(
        deepgramListen({ baseUrl: deepgram.baseUrl, apiKey }),
        openaiTranscription({ baseUrl: openai.baseUrl, apiKey, service: 'OpenAI' }),
      ),
      model: fakeLanguageModel({ reply: (messages) => `You said ${messages.at(-1)!.text}.` }),
    });
    await advance(talk, 10_500);
    expect(talk.lines).toEqual(texts.flatMap((text) => [`person: ${text}`, `agent: You said ${text}.`]));
    expect(heard).toEqual([1_000, 1_000]);
    const changes = talk.events.flatMap((event) => (event.type === 'switched' ? [event.change] : []));
    expect(changes).toMatchObject([
      {
        from: 'deepgram-listen',
        to: 'openai-transcription',
        reason: 'fault',
        error: {
          category: 'give-up',
          message: expect.stringMatching(/Deepgram: Invalid \[hidden\].*`apiKey` was refused/),
        },
      },
    ]);
    expect(inspect(talk.events, { depth: 9 })).not.toContain(KEY);
  });

  it('go on with the voice of another one without a gap, and keep theirs where another has none', async () => {
    await using elevenLabs = await startElevenLabsServer();
    const synthesizer = fakeSynthesizer({ frequency: 440, sampleRate: 16_000 });
    await using deepgram = await startDeepgramServer({ synthesizer, apiKey: KEY });
    await using talk = await VirtualConversation.begin([[500, 1_500]], ['tell me'], {
      synthesizer: elevenLabsSpeech({ baseUrl: elevenLabs.baseUrl, apiKey, sampleRate: 16_000 }),
      model: fakeLanguageModel({ reply: () => STORY }),
    });
    await advance(talk, 3_000);
    const voice = (key: () => string) => deepgramSpeak({ baseUrl: deepgram.baseUrl, apiKey: key, sampleRate: 16_000 });
    const refused: unknown = await talk.agent.use({ synthesizer: voice(() => 'a-wrong-key') }).catch((error) => error);
    expect(refused).toMatchObject({
      category: 'give-up',
      message: expect.stringMatching(/Deepgram.*`apiKey` was refused/),
    });
    expect(inspect(refused, { depth: 9 })).not.toContain('a-wrong-key');
    const used = talk.agent.use({ synthesizer: voice(apiKey) });
    await advance(talk, 7_000);
    await used;
    const trace = talk.events.find((event) => event.type === 'trace');
    const startMs = trace?.type === 'trace' ? trace.trace.firstAudibleMs! : Number.NaN;
    expect(talk.lines).toEqual(['person: tell me', `agent: ${STORY}`]);
    // 20 words of 300 ms, of which 50 are silent.
    expect(talk.longestSilenceMs(startMs + 20, startMs + 5_900)).toBeLessThan(62);
    const toneAt = (ms: number, frequency: number) =>
      measureTone(talk.sent.subarray((startMs + ms) * 16, (startMs + ms + 200) * 16), 16_000, frequency).frequency;
    expect(toneAt(330, 220)).toBeCloseTo(220, 0);
    expect(toneAt(5_430, 440)).toBeCloseTo(440, 0);
    expect(talk.agent.metrics()).toMatchObject({ swaps: 1, problems: 0, glitches: 0 });
    expect(elevenLabs.sockets.every(({ closed }) => closed !== undefined)).toBe(true);
  });
});
