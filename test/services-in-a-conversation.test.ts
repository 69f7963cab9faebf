import { AudioFrame, type Graph, graph, micros, pushSource } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { fakeLanguageModel, fakeVoiceDetector, type Recognizer, type Synthesizer } from '@sluice/core/voice';
import { type VoiceAgent, voiceAgent } from '@sluice/nodes';
import { deepgramFlux, deepgramListen, deepgramSpeak } from '@sluice/plugin-deepgram';
import { startDeepgramServer } from '@sluice/plugin-deepgram/testing';
import { elevenLabsRecognizer, elevenLabsSpeech } from '@sluice/plugin-elevenlabs';
import { startElevenLabsServer } from '@sluice/plugin-elevenlabs/testing';
import type { LocalFault } from '@sluice/service/testing';
import { Daily, toMicrophone } from '@sluice/transport';
import { virtualMediaHost } from '@sluice/transport/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceRegistry, setCurrentDevices } from '../packages/transport/src/devices/registry.ts';

const apiKey = () => 'a-key';
const texts = ['my number is', 'five', 'that is all'];
/** Says something with a long pause in it, and once more after the answer. In milliseconds. */
const stretches = [
  [300, 1_000],
  [1_500, 2_000],
  [6_000, 6_700],
] as const;

/** Somebody who speaks in tones. */
function person(clock: VirtualClock) {
  return pushSource<AudioFrame>(
    { name: 'person', live: true, format: { kind: 'audio', sampleRate: 16_000, channels: 1 } },
    (destination) => {
      let at = 0;
      let cancel = () => {};
      const tick = () => {
        const isLoud = stretches.some(([from, to]) => at >= from && at < to);
        const samples = new Int16Array(320);
        if (isLoud) for (let i = 0; i < 320; i++) samples[i] = 8_000 * Math.sin(i / 5);
        const timestamp = micros(at * 1_000);
        at += 20;
        cancel = clock.at(at + 20, tick);
        destination.next(new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp }));
      };
      cancel = clock.at(20, tick);
      return () => cancel();
    },
  );
}

describe('a conversation by the models of services', () => {
  let clock: VirtualClock;
  let bot: Graph;
  let agent: VoiceAgent;
  let server: { close(): Promise<void> };

  beforeEach(() => {
    clock = new VirtualClock();
    const host = virtualMediaHost(clock);
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
  });
  afterEach(async () => {
    agent.end();
    bot.abort();
    await clock.advance(100);
    setCurrentDevices(undefined);
    await server.close();
  });

  async function converse(recognizer: Recognizer, synthesizer: Synthesizer): Promise<string[]> {
    const { sampleRate, channels } = synthesizer.produces;
    const microphone = Daily.createMicrophoneDevice('agent', { sampleRate, channels });
    microphone.input.use().set('heard');
    bot = graph('agent', { clock });
    agent = voiceAgent(bot, {
      hears: bot.from(person(clock)),
      speaks: toMicrophone(microphone),
      detector: fakeVoiceDetector(),
      recognizer,
      model: fakeLanguageModel({ reply: (messages) => `You said ${messages.at(-1)!.text}.` }),
      synthesizer,
    });
    await bot.start();
    for (let at = 0; at < 10_000; at += 20) {
      await clock.advance(20);
      // What a service says by itself comes over a real socket, for which no clock waits.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return agent.log.entries.map(({ who, text }) => `${who}: ${text}`);
  }

  it('Deepgram says when a turn is over, over a pause and over the end of its session', async () => {
    const faults: LocalFault[] = [{ type: 'close', code: 1011, reason: 'NET-0001', afterMessages: 6 }];
    const deepgram = await startDeepgramServer({ texts: ['my number is five', 'that is all'], faults });
    server = deepgram;
    const { baseUrl } = deepgram;
    const lines = await converse(
      deepgramFlux({ baseUrl, apiKey }),
      deepgramSpeak({ baseUrl, apiKey, sampleRate: 16_000 }),
    );
    expect(lines).toEqual([
      'person: my number is five',
      'agent: You said my number is five.',
      'person: that is all',
      'agent: You said that is all.',
    ]);
    expect(deepgram.sockets.filter(({ path }) => path === '/v2/listen')).toHaveLength(2);
  });

  it('Deepgram and ElevenLabs are asked for the last words when speech ends', async () => {
    const [deepgram, elevenLabs] = [await startDeepgramServer({ texts }), await startElevenLabsServer({ texts })];
    server = { close: async () => void (await Promise.all([deepgram.close(), elevenLabs.close()])) };
    const said = await converse(
      deepgramListen({ baseUrl: deepgram.baseUrl, apiKey }),
      elevenLabsSpeech({ baseUrl: elevenLabs.baseUrl, apiKey, sampleRate: 16_000 }),
    );
    expect(said.slice(-2)).toEqual(['person: that is all', 'agent: You said that is all.']);
    expect(
      said
        .slice(0, -2)
        .filter((line) => line.startsWith('person'))
        .join(),
    ).toMatch(/my number is.*five/);
    const words = agent.log.entries.at(-1)!;
    expect(words.text).toBe('You said that is all.');
  });

  it('ElevenLabs hears', async () => {
    const elevenLabs = await startElevenLabsServer({ texts });
    server = elevenLabs;
    const { baseUrl } = elevenLabs;
    const said = await converse(
      elevenLabsRecognizer({ baseUrl, apiKey }),
      elevenLabsSpeech({ baseUrl, apiKey, sampleRate: 16_000 }),
    );
    expect(said.slice(-2)).toEqual(['person: that is all', 'agent: You said that is all.']);
  });
});
