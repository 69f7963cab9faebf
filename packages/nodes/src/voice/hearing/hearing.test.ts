import { AudioFrame, graph, micros } from '@sluice/core';
import { nodeHarness, probeSource, VirtualClock } from '@sluice/core/testing';
import {
  defineVoiceModel,
  fakeRecognizer,
  fakeVoiceDetector,
  type Recognizer,
  type VoiceDetector,
  voiceError,
} from '@sluice/core/voice';
import { describe, expect, it } from 'vitest';
import { toNull } from '../../sinks/to-null.ts';
import type { SpeechFrame, TranscriptFrame } from '../voice-frames.ts';
import { transcribe } from './transcribe.ts';
import { vad } from './vad.ts';

/** 20 ms of sound or silence, the n-th of a stream. */
function frame(index: number, loud: boolean): AudioFrame {
  const samples = new Int16Array(320);
  if (loud) for (let i = 0; i < 320; i++) samples[i] = 8_000 * Math.sin((index * 320 + i) / 6);
  return new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(index * 20_000) });
}

describe('vad', () => {
  const listen = async (options: Partial<Parameters<typeof vad>[0]>, loud: (index: number) => boolean, count = 100) => {
    const h = await nodeHarness(vad({ detector: fakeVoiceDetector(), ...options }));
    for (let index = 0; index < count; index++) {
      h.push('in', frame(index, loud(index)));
      await h.advance(20);
    }
    const speech = () =>
      h.outputs<SpeechFrame>('speech').map(({ frame: f }) => [f.speaking, f.at / 1_000, f.toldAt / 1_000]);
    const audio = () => h.outputs<AudioFrame>('audio').map(({ frame: f }) => f.timestamp / 1_000);
    return { h, speech, audio };
  };

  it('tells where speech began and ended, after the hang-over, and passes everything', async () => {
    const { h, speech, audio } = await listen({}, (index) => index >= 20 && index < 50);
    expect(speech().map(([speaking, at]) => [speaking, at])).toEqual([
      [true, 400],
      [false, 1_000],
    ]);
    expect(speech()[1]![2]).toBe(1_200);
    expect(audio()).toHaveLength(100);
    await h.finish();
  });

  it('does not end speech in short pauses, and begins anew after long ones', async () => {
    const { h, speech } = await listen(
      {},
      (index) => (index >= 10 && index < 20) || (index >= 27 && index < 40) || index >= 80,
    );
    expect(speech().map(([speaking, at]) => [speaking, at])).toEqual([
      [true, 200],
      [false, 800],
      [true, 1_600],
    ]);
    await h.finish();
    expect(speech().at(-1)).toEqual([false, 2_000, 2_000]);
  });

  it('lets through a gate what is spoken, with what came before it', async () => {
    const { h, audio } = await listen(
      { gate: true, preRollMs: 100, hangOverMs: 100 },
      (index) => index >= 20 && index < 50,
    );
    expect(audio()[0]).toBe(320);
    expect(audio()).toEqual(Array.from({ length: audio().length }, (_, i) => 320 + i * 20));
    // The sound with which the hang-over ends would be a recogniser's next stretch.
    expect(audio().at(-1)).toBe(1_060);
    await h.finish();
  });

  it('takes speech for finished when no sound comes any more', async () => {
    const { h, speech } = await listen({ idleMs: 500 }, () => true, 20);
    await h.advance(600);
    expect(speech()).toMatchObject([
      [true, 0, 10],
      [false, 400, 900],
    ]);
    await h.finish();
  });

  it('hears on when the sound comes back, though its detector slept over the pause', async () => {
    const { h, speech } = await listen({ idleMs: 500 }, () => true, 20);
    await h.advance(600);
    for (let index = 60; index < 80; index++) {
      h.push('in', frame(index, true));
      await h.advance(20);
    }
    expect(speech().map(([speaking, at]) => [speaking, at])).toEqual([
      [true, 0],
      [false, 400],
      [true, 1_220],
    ]);
    await h.finish();
  });

  const detector = (start: Parameters<typeof defineVoiceModel<'voice-detector', object>>[0]['start']): VoiceDetector =>
    defineVoiceModel({
      kind: 'voice-detector',
      name: 'broken',
      accepts: { sampleRates: [16_000], channels: [1] },
      latencyMs: { speech: 0, silence: 0 },
      settings: {},
      start,
    });

  it('fails with the error of a detector that nothing helps', async () => {
    const broken = detector(() => {
      throw voiceError('no file', { model: 'broken', category: 'give-up' });
    });
    const h = await nodeHarness(vad({ detector: broken }));
    h.push('in', frame(0, true));
    await h.advance(100);
    expect(h.status).toBe('failed');
    expect(String(h.error)).toMatch(/broken: no file/);
    await h.abort();
  });

  it('opens a detector anew however often it is lost, and ends the speech that it had told of', async () => {
    let opened = 0;
    const broken = detector(({ emit, fail }) => {
      if (opened++ % 2 === 1) throw new Error('not yet');
      return {
        write: ({ timestamp }) => {
          emit({ type: 'speech', at: timestamp, toldAt: timestamp });
          if (opened < 9) fail(new Error('gone'));
        },
      };
    });
    const h = await nodeHarness(vad({ detector: broken }));
    for (let index = 0; index < 1_000; index++) {
      h.push('in', frame(index, true));
      await h.advance(20);
    }
    expect(h.status).toBe('running');
    const speaking = h.outputs<SpeechFrame>('speech').map(({ frame: f }) => f.speaking);
    expect(speaking).toEqual([true, false, true, false, true, false, true, false, true]);
    await h.finish();
  });

  it('tells the end of speech when it is started anew after it failed in mid-speech', async () => {
    let opened = 0;
    const broken = detector(({ emit, fail }) => {
      const first = opened++ === 0;
      return {
        write: ({ timestamp }) => {
          if (!first) return;
          if (timestamp === 0) emit({ type: 'speech', at: timestamp, toldAt: timestamp });
          if (timestamp === 100_000) fail(voiceError('broke', { model: 'broken', category: 'give-up' }));
        },
      };
    });
    const clock = new VirtualClock();
    const told: (readonly [boolean, number])[] = [];
    const bot = graph('restart', { clock });
    const sound = probeSource<AudioFrame>({ name: 'sound' });
    const ears = bot.add(vad({ detector: broken }), { name: 'vad', onError: 'restart' });
    bot.from(sound.source).to(ears.in.in);
    ears.out.audio.to(toNull());
    ears.out.speech.to({ next: ({ speaking, at }: SpeechFrame) => told.push([speaking, at / 1_000]) });
    await bot.start();
    for (let index = 0; index < 8; index++) {
      sound.push(frame(index, true));
      await clock.advance(20);
    }
    // No more sound: nothing but the start anew tells it.
    await clock.advance(500);
    expect(opened).toBe(2);
    expect(told).toEqual([
      [true, 0],
      [false, 120],
    ]);
    await bot.abort();
  });

  it('refuses what is no detector, and options that are none', () => {
    expect(() => vad({ detector: {} as never })).toThrow(/vad\.detector/);
    expect(() => vad({ detector: fakeRecognizer() as never })).toThrow(/a VoiceDetector/);
    expect(() => vad({ detector: fakeVoiceDetector(), hangoverMs: 3 } as never)).toThrow(/did you mean hangOverMs/);
    expect(() => vad({ detector: fakeVoiceDetector(), idleMs: -1 })).toThrow(RangeError);
  });
});

describe('transcribe', () => {
  const speech = (speaking: boolean, atMs: number): SpeechFrame => {
    const at = micros(atMs * 1_000);
    return { kind: 'speech', speaking, at, toldAt: at, atMs, timestamp: at };
  };
  const hear = async () => nodeHarness(transcribe({ recognizer: fakeRecognizer({ texts: ['one two', 'three'] }) }));

  it('asks for the last word when the sound up to the end of speech has come', async () => {
    const h = await hear();
    const texts = () =>
      h
        .outputs<TranscriptFrame>('out')
        .filter(({ frame: { final } }) => final)
        .map(({ frame: f }) => f.text);
    for (let index = 0; index < 30; index++) h.push('audio', frame(index, true));
    // Told before its sound: the last 200 ms are still under way.
    h.push('speech', speech(false, 800));
    await h.advance(20);
    expect(texts()).toEqual([]);
    for (let index = 30; index < 40; index++) h.push('audio', frame(index, true));
    await h.advance(20);
    expect(texts()).toEqual(['one two']);
    for (let index = 50; index < 60; index++) h.push('audio', frame(index, true));
    // Its sound was dropped on the way.
    h.push('speech', speech(false, 1_300));
    await h.advance(300);
    expect(texts()).toEqual(['one two', 'three']);
    await h.finish();
  });

  it('waits for sound that is catching up, however long it takes', async () => {
    const h = await hear();
    h.push('speech', speech(false, 600));
    for (let index = 0; index < 30; index++) {
      await h.advance(30);
      h.push('audio', frame(index, true));
    }
    await h.advance(20);
    const finals = h.outputs<TranscriptFrame>('out').filter(({ frame: { final } }) => final);
    expect(finals.map(({ frame: { text, end } }) => [text, end])).toEqual([['one two', 600_000]]);
    await h.finish();
  });

  it('tells the last word at the end of the stream', async () => {
    const h = await hear();
    for (let index = 0; index < 30; index++) h.push('audio', frame(index, true));
    h.end();
    await h.advance(50);
    expect(h.outputs<TranscriptFrame>('out').at(-1)?.frame).toMatchObject({
      final: true,
      text: 'one two',
      end: 600_000,
    });
    await h.finish();
  });

  it('leaves the end to a recogniser that judges turns, and says what it makes of them', async () => {
    let flushed = 0;
    const judge: Recognizer = defineVoiceModel({
      kind: 'recognizer',
      name: 'judge',
      accepts: { sampleRates: [16_000], channels: [1] },
      latencyMs: 0,
      words: false,
      turns: true,
      settings: {},
      start: ({ emit }) => ({
        write({ timestamp, duration }) {
          if (timestamp === 0) emit({ type: 'partial', text: 'one', words: [], turn: 'begun' });
          const end = micros(timestamp + duration);
          if (end === 600_000) emit({ type: 'final', text: 'one two', words: [], start: micros(0), end, turn: 'over' });
        },
        flush: () => void flushed++,
      }),
    });
    const h = await nodeHarness(transcribe({ recognizer: judge }));
    for (let index = 0; index < 20; index++) h.push('audio', frame(index, true));
    h.push('speech', speech(false, 400));
    await h.advance(300);
    expect(flushed).toBe(0);
    for (let index = 20; index < 30; index++) h.push('audio', frame(index, true));
    await h.advance(20);
    expect(h.outputs<TranscriptFrame>('out').map(({ frame: { text, turn } }) => [text, turn])).toEqual([
      ['one', 'begun'],
      ['one two', 'over'],
    ]);
    await h.finish();
    expect(flushed).toBe(1);
  });

  it('refuses what is no recogniser', () => {
    expect(() => transcribe({ recognizer: fakeVoiceDetector() as never })).toThrow(/a Recognizer/);
  });
});
