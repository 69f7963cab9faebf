import type { AudioFrame } from '@sluice/core';
import { nodeHarness } from '@sluice/core/testing';
import {
  defineVoiceModel,
  fakeSynthesizer,
  type SpeechRequest,
  type Synthesizer,
  voiceError,
} from '@sluice/core/voice';
import { describe, expect, it } from 'vitest';
import { type SpokenFrame, sayFrame } from '../voice-frames.ts';
import { speak } from './speak.ts';

/** A synthesizer that does with each request what the test says. */
function scripted(
  write: (request: SpeechRequest, say: (pieces: number) => void, fail: (error: Error, all?: boolean) => void) => void,
): Synthesizer {
  return defineVoiceModel({
    kind: 'synthesizer',
    name: 'scripted',
    produces: { sampleRate: 16_000, channels: 1 },
    latencyMs: 0,
    words: false,
    settings: {},
    start: ({ emit, fail }) => ({
      write: (request) => {
        const { id, epoch } = request;
        write(
          request,
          (pieces) => {
            for (let i = 0; i < pieces; i++)
              emit({ type: 'audio', id, epoch, samples: new Int16Array(320).fill(7), sampleRate: 16_000, channels: 1 });
            emit({ type: 'finished', id, epoch });
          },
          (error, all = false) => (all ? fail(error) : emit({ type: 'failed', id, epoch, error })),
        );
      },
    }),
  });
}
const outcome = (h: Awaited<ReturnType<typeof nodeHarness>>) =>
  h
    .outputs<SpokenFrame>('spoken')
    .filter(({ frame: { event } }) => event !== 'word')
    .map(({ frame: { utterance, event } }) => `${utterance} ${event}`);

describe('speak', () => {
  it('says sentences in order on one timeline, each with its id and the times of its words', async () => {
    const h = await nodeHarness(speak({ synthesizer: fakeSynthesizer() }));
    h.push('in', sayFrame('a', 'one two'), sayFrame('b', 'three'), sayFrame('c', 'four'));
    await h.advance(100);
    const audio = h.outputs<AudioFrame>('audio').map(({ frame }) => frame);
    let next = 0;
    for (const { timestamp, duration } of audio) {
      expect(timestamp).toBe(next);
      next = timestamp + duration;
    }
    expect([...new Set(audio.map(({ utterance }) => utterance))]).toEqual(['a', 'b', 'c']);
    expect(outcome(h)).toEqual(['a begun', 'a finished', 'b begun', 'b finished', 'c begun', 'c finished']);
    const words = h
      .outputs<SpokenFrame>('spoken')
      .map(({ frame }) => frame)
      .filter(({ event }) => event === 'word');
    expect(words).toMatchObject([
      { utterance: 'a', from: 0, to: 3 },
      { utterance: 'a', from: 4, to: 7, startMs: 300 },
      { utterance: 'b' },
      { utterance: 'c' },
    ]);
    await h.finish();
  });

  it('estimates the times of words where its synthesizer has none', async () => {
    const h = await nodeHarness(speak({ synthesizer: scripted((_request, say) => say(50)) }));
    h.push('in', sayFrame('a', 'one twentytwo'));
    await h.advance(100);
    const words = h
      .outputs<SpokenFrame>('spoken')
      .map(({ frame }) => frame)
      .filter(({ event }) => event === 'word');
    expect(words).toHaveLength(2);
    expect(words[1]).toMatchObject({ from: 4, to: 13, endMs: 1_000 });
    await h.finish();
  });

  it('says nothing of what was interrupted, and what comes after it', async () => {
    const h = await nodeHarness(speak({ synthesizer: fakeSynthesizer({ firstByteMs: 100 }) }));
    h.push('in', sayFrame('a', 'one'), sayFrame('b', 'two'));
    await h.advance(50);
    const interrupted = h.interrupt();
    await h.settle();
    const { epoch } = await interrupted;
    h.push('in', Object.assign(sayFrame('c', 'three'), { epoch }));
    await h.advance(500);
    expect(h.outputs<AudioFrame>('audio').every(({ frame }) => frame.utterance === 'c')).toBe(true);
    expect(outcome(h)).toEqual(['c begun', 'c finished']);
    await h.finish();
  });

  it('tries once more what may be tried, then lets the next synthesizer say it', async () => {
    let tries = 0;
    const flaky = scripted(({ text }, say, fail) => {
      if (text === 'flaky' && tries++ === 0) fail(voiceError('once', { model: 'scripted', category: 'retry' }));
      else if (text === 'dead') fail(new Error('dead'));
      else say(1);
    });
    const h = await nodeHarness(speak({ synthesizer: flaky, fallbacks: [scripted((_request, say) => say(3))] }));
    h.push('in', sayFrame('a', 'flaky'));
    await h.advance(200);
    expect(outcome(h)).toEqual(['a begun', 'a finished']);
    h.push('in', sayFrame('b', 'dead'), sayFrame('c', 'fine'));
    await h.advance(100);
    expect(outcome(h).slice(2)).toEqual(['b begun', 'b finished', 'c begun', 'c finished']);
    expect(h.outputs('audio')).toHaveLength(1 + 3 + 3);
    await h.finish();
  });

  it('tells what was said of a sentence in the middle of which its synthesizer died, and goes on with the next', async () => {
    const dying = defineVoiceModel({
      kind: 'synthesizer',
      name: 'dying',
      produces: { sampleRate: 16_000, channels: 1 },
      latencyMs: 0,
      words: false,
      settings: {},
      start: ({ emit, fail }) => ({
        write: ({ id, epoch }) => {
          emit({ type: 'audio', id, epoch, samples: new Int16Array(320), sampleRate: 16_000, channels: 1 });
          fail(new Error('died'));
        },
      }),
    });
    const h = await nodeHarness(speak({ synthesizer: dying, fallbacks: [fakeSynthesizer({ sampleRate: 24_000 })] }));
    h.push('in', sayFrame('a', 'one two'), sayFrame('b', 'three'));
    await h.advance(300);
    expect(outcome(h)).toEqual(['a begun', 'a failed', 'b begun', 'b finished']);
    expect(h.outputs<SpokenFrame>('spoken').filter(({ frame }) => frame.event === 'word')).toHaveLength(3);
    const audio = h.outputs<AudioFrame>('audio').map(({ frame }) => frame);
    expect(audio.map(({ sampleRate }) => sampleRate)).toContain(24_000);
    expect(audio[1]!.timestamp).toBe(20_000);
    await h.finish();
  });

  it('says that a sentence failed when no synthesizer is left, and goes on', async () => {
    const h = await nodeHarness(
      speak({ synthesizer: scripted(({ text }, say, fail) => (text === 'x' ? fail(new Error('no')) : say(1))) }),
    );
    h.push('in', sayFrame('a', 'x'), sayFrame('b', 'y'));
    await h.advance(100);
    expect(outcome(h)).toEqual(['a failed', 'b begun', 'b finished']);
    await h.finish();
  });

  it('fails with a synthesizer that nothing helps', async () => {
    const error = voiceError('wrong key', { model: 'scripted', category: 'give-up' });
    const h = await nodeHarness(speak({ synthesizer: scripted((_request, _say, fail) => fail(error, true)) }));
    h.push('in', sayFrame('a', 'x'));
    await h.advance(100);
    expect(h.status).toBe('failed');
    expect(String(h.error)).toMatch(/wrong key/);
    await h.abort();
  });

  it('opens a synthesizer anew however often it is lost, and says what none was lost over twice', async () => {
    let lost = 0;
    const synthesizer = scripted(({ text }, say, fail) => {
      if (text === 'deadly' || (text === 'unlucky' && lost === 6)) {
        lost++;
        fail(new Error('socket closed'), true);
      } else say(5);
    });
    const h = await nodeHarness(speak({ synthesizer }));
    for (const id of ['a', 'b', 'c']) {
      h.push('in', sayFrame(id, 'deadly'));
      await h.advance(6_000);
    }
    h.push('in', sayFrame('d', 'unlucky'));
    await h.advance(6_000);
    expect(outcome(h)).toEqual(['a failed', 'b failed', 'c failed', 'd begun', 'd finished']);
    expect(lost).toBe(7);
    await h.finish();
  });

  it('tells of a sentence without a sound that it failed', async () => {
    const h = await nodeHarness(speak({ synthesizer: scripted((_request, say) => say(0)) }));
    h.push('in', sayFrame('a', 'x'));
    await h.advance(100);
    expect(outcome(h)).toEqual(['a failed']);
    await h.finish();
  });

  it.each<[string, object, RegExp]>([
    ['has no rate', { samples: new Int16Array(320), channels: 1 }, /sound without a format.*sampleRate/],
    ['is floats', { samples: new Float32Array(320), sampleRate: 16_000, channels: 1 }, /Int16Array.*Float32Array/],
    ['is half a frame', { samples: new Int16Array(321), sampleRate: 16_000, channels: 2 }, /whole frames of 2/],
    ['is none', { sampleRate: 16_000, channels: 1 }, /Int16Array.*Undefined/],
  ])('gives up a sentence whose sound %s, and says why', async (_, sound, why) => {
    const synthesizer = defineVoiceModel({
      kind: 'synthesizer',
      name: 'odd',
      produces: { sampleRate: 16_000, channels: 1 },
      latencyMs: 0,
      words: false,
      settings: {},
      start: ({ emit }) => ({ write: ({ id, epoch }) => emit({ type: 'audio', id, epoch, ...sound } as never) }),
    });
    const h = await nodeHarness(speak({ synthesizer: synthesizer as Synthesizer }));
    h.push('in', sayFrame('a', 'one'));
    await h.advance(1_000);
    expect(outcome(h)).toEqual(['a failed']);
    const failed = h
      .outputs<SpokenFrame>('spoken')
      .flatMap(({ frame }) => (frame.event === 'failed' ? [frame.error.message] : []));
    expect(failed).toEqual([expect.stringMatching(why)]);
    await h.finish();
  });

  it('refuses what is no synthesizer', () => {
    expect(() => speak({ synthesizer: {} as never })).toThrow(/a Synthesizer/);
    expect(() => speak({ synthesizer: fakeSynthesizer(), fallbacks: [3 as never] })).toThrow(/a Synthesizer/);
  });
});
