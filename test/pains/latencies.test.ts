import { AudioFrame, createSink, graph, micros, pushSource, sleep } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import {
  defineVoiceModel,
  fakeLanguageModel,
  fakeRecognizer,
  fakeSynthesizer,
  fakeVoiceDetector,
  type SpeechRequest,
} from '@sluice/core/voice';
import { partsOf } from '@sluice/nodes';
import { describe, expect, it } from 'vitest';
import { VirtualConversation } from '../virtual-conversation.ts';

/** Ears that judge turns by themselves: a turn is over 300 ms after the last loud sample. */
const judge = (texts: readonly string[]) => {
  let next = 0;
  return defineVoiceModel({
    ...fakeRecognizer(),
    kind: 'recognizer',
    name: 'judge',
    latencyMs: 300,
    turns: true,
    settings: {},
    start: ({ emit }) => {
      let [start, end] = [-1, -1];
      return {
        write({ samples, timestamp }) {
          const loud = samples.some((sample) => Math.abs(sample) > 1_000);
          if (loud) {
            end = timestamp + 20_000;
            if (start >= 0) return;
            start = timestamp;
            emit({ type: 'partial', text: '', words: [], turn: 'begun' });
          } else if (start >= 0 && timestamp - end >= 280_000) {
            const text = texts[next++] ?? '';
            emit({ type: 'final', text, words: [], start: micros(start), end: micros(end), turn: 'over' });
            start = -1;
          }
        },
        flush() {},
      };
    },
  });
};

/** A voice that comes in bursts of 600 ms, each just before the one before it has been heard. */
const burstyVoice = () =>
  defineVoiceModel({
    ...fakeSynthesizer(),
    kind: 'synthesizer',
    name: 'bursty',
    settings: {},
    start: ({ clock, emit }) => ({
      async write({ id, epoch }: SpeechRequest) {
        for (let burst = 0; burst < 8; burst++) {
          if (burst > 0) await sleep(clock, burst % 2 === 0 ? 1_100 : 80);
          const samples = Int16Array.from(
            { length: 9_600 },
            (_, i) => 8_000 * Math.sin(((burst * 9_600 + i) * Math.PI) / 40),
          );
          emit({ type: 'audio', id, epoch, samples, sampleRate: 16_000, channels: 1 });
        }
        emit({ type: 'finished', id, epoch });
      },
    }),
  });

describe('latencies', () => {
  it('pipecat#5311: turns that the voice detector missed have no latency', async () => {
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [6_000, 7_000],
        [12_000, 13_000],
      ],
      [],
      {
        recognizer: judge(['one', 'two', 'three']),
        // It hears nobody: they speak too softly for it.
        detector: fakeVoiceDetector({ thresholdDb: 0 }),
        model: fakeLanguageModel({ reply: () => 'Yes.', firstTokenMs: 200 }),
      },
    );
    await talk.clock.advance(18_000);
    const traces = talk.events.flatMap((event) => (event.type === 'trace' ? [event.trace] : []));
    expect(talk.lines.filter((line) => line === 'agent: Yes.')).toHaveLength(3);
    expect(traces).toHaveLength(3);
    for (const [index, trace] of traces.entries()) {
      expect(trace.voicedEndMs).toBeCloseTo([1_500, 7_000, 13_000][index]!, -2);
      const parts = partsOf(trace)!;
      expect(parts.every(({ ms }) => ms >= 0)).toBe(true);
      expect(parts.reduce((sum, { ms }) => sum + ms, 0)).toBe(trace.firstAudibleMs! - trace.voicedEndMs);
    }
    expect(talk.agent.metrics().latencyMs.count).toBe(3);
  });

  it('livekit/agents#3604: audio that a model sends in bursts hiccups', async () => {
    await using talk = await VirtualConversation.begin([[500, 1_500]], ['tell'], {
      model: fakeLanguageModel({ reply: () => 'One long sentence.' }),
      synthesizer: burstyVoice(),
    });
    await talk.clock.advance(12_000);
    const loud = [...talk.sent].flatMap((sample, index) => (Math.abs(sample) > 1_000 ? [index] : []));
    const [from, to] = [loud[0]! / 16, loud.at(-1)! / 16];
    expect(to - from).toBeGreaterThan(4_780);
    expect(to - from).toBeLessThan(4_801);
    expect(talk.longestSilenceMs(from, to)).toBeLessThan(1);
    expect(talk.agent.metrics().glitches).toBe(0);
  });

  it('pipecat#1516: visemes lag behind the voice, the more the longer it speaks', async () => {
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [4_000, 4_120],
        [6_000, 6_120],
      ],
      ['tell', '', ''],
      {
        model: fakeLanguageModel({ reply: () => 'One two three four. Five six seven eight. Nine ten eleven twelve.' }),
      },
    );
    await talk.clock.advance(14_000);
    const { sent } = talk;
    const entry = talk.agent.log.entries[1]!;
    expect(entry.text).toMatch(/twelve\.$/);
    expect(talk.agent.metrics().falseAlarms).toBe(2);
    // Where each word begins in the samples: loud after 30 ms of silence.
    const onsets: number[] = [];
    let quiet = 1_000;
    for (const [index, sample] of sent.entries()) {
      if (Math.abs(sample) <= 100) quiet++;
      else {
        if (quiet > 480) onsets.push(index / 16);
        quiet = 0;
      }
    }
    for (const { startMs } of entry.words as readonly { readonly startMs: number }[])
      expect(Math.min(...onsets.map((onset) => Math.abs(onset - startMs)))).toBeLessThan(25);
  });

  it('pipecat#3524: one slow processor freezes all the others', async () => {
    const clock = new VirtualClock();
    const bot = graph('slow', { clock });
    const ticks = pushSource<AudioFrame>(
      { name: 'ticks', live: true, format: { kind: 'audio', sampleRate: 16_000, channels: 1 } },
      (destination) => {
        let [index, cancel] = [0, () => {}];
        const tick = () => {
          cancel = clock.at(clock.now() + 20, tick);
          const timestamp = micros(index++ * 20_000);
          destination.next(
            new AudioFrame({ samples: new Int16Array(320), sampleRate: 16_000, channels: 1, timestamp }),
          );
        };
        cancel = clock.at(clock.now() + 20, tick);
        return () => cancel();
      },
    );
    const lateMs: number[] = [];
    let slow = 0;
    const flow = bot.from(ticks);
    flow.to(
      createSink<AudioFrame>({
        name: 'stuck',
        open: () => ({
          write: async () => {
            slow++;
            await sleep(clock, 5_000);
          },
          end() {},
        }),
      }),
    );
    flow.to({ next: ({ timestamp }: AudioFrame) => void lateMs.push(clock.now() - timestamp / 1_000) });
    await bot.start();
    await clock.advance(30_000);
    expect(lateMs.length).toBeGreaterThan(1_490);
    expect(Math.max(...lateMs) - Math.min(...lateMs)).toBeLessThanOrEqual(20);
    expect(slow).toBeLessThan(10);
    bot.abort();
    await clock.advance(10_000);
  });
});
