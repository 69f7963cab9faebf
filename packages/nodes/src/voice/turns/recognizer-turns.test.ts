import { micros } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import type { TurnMark } from '@sluice/core/voice';
import { beforeEach, describe, expect, it } from 'vitest';
import { recognizerTurns } from './recognizer-turns.ts';
import { backChannels } from './turn-strategies.ts';
import { TurnTaker } from './turn-taker.ts';

describe('recognizerTurns', () => {
  let clock: VirtualClock;
  let told: string[];
  let taker: TurnTaker;

  const speech = (speaking: boolean, atMs = clock.now()) => {
    const at = micros(atMs * 1_000);
    taker.onSpeech({ kind: 'speech', speaking, at, toldAt: at, atMs, timestamp: at });
  };
  const hears = (text: string, turn?: TurnMark, endMs = clock.now()) =>
    taker.onTranscript({
      kind: 'transcript',
      text,
      words: [],
      final: turn === 'over',
      rejected: false,
      timestamp: micros(0),
      end: micros(endMs * 1_000),
      ...(turn === undefined ? {} : { turn }),
    });

  beforeEach(() => {
    clock = new VirtualClock();
    told = [];
    taker = new TurnTaker({
      clock,
      strategies: [recognizerTurns(), backChannels()],
      recognizerLatencyMs: 300,
      onTurn: ({ id, text, voicedEndMs }) =>
        told.push(`turn ${id} "${text}" at ${clock.now()}, voiced to ${voicedEndMs}`),
      onEnding: ({ id, text }) => told.push(`ending ${id} "${text}" at ${clock.now()}`),
      onResumed: () => told.push(`resumed at ${clock.now()}`),
      onSuspect: () => told.push(`suspect at ${clock.now()}`),
      onInterrupt: () => told.push(`interrupt at ${clock.now()}`),
      onFalseAlarm: () => told.push(`false alarm at ${clock.now()}`),
    });
  });

  it('ends a turn with the word of the recogniser, over pauses of any length', async () => {
    speech(true);
    hears('', 'begun');
    await clock.advance(1_000);
    hears('my number is');
    speech(false);
    await clock.advance(3_000);
    speech(true);
    await clock.advance(1_000);
    speech(false);
    await clock.advance(200);
    expect(told).toEqual([]);
    hears('my number is five', 'over');
    expect(told).toEqual(['turn 1 "my number is five" at 5200, voiced to 5000']);
    expect(taker.inTurn).toBe(false);
  });

  it('offers a turn that may be over, and takes it back', async () => {
    speech(true);
    await clock.advance(500);
    speech(false);
    hears('well', 'ending');
    await clock.advance(400);
    speech(true);
    hears('well', 'resumed');
    await clock.advance(500);
    speech(false);
    hears('well no', 'ending');
    await clock.advance(200);
    hears('well no', 'over');
    expect(told).toEqual([
      'ending 1 "well" at 500',
      'resumed at 900',
      'ending 1 "well no" at 1400',
      'turn 1 "well no" at 1600, voiced to 1400',
    ]);
  });

  it('takes it back when other words come without a word for it', async () => {
    speech(true);
    await clock.advance(500);
    speech(false);
    hears('well', 'ending');
    hears('well');
    expect(told).toEqual(['ending 1 "well" at 500']);
    await clock.advance(100);
    hears('well then');
    hears('well then what', 'over');
    expect(told.slice(1)).toEqual(['resumed at 600', 'turn 1 "well then what" at 600, voiced to 500']);
  });

  it('believes it before the voice detector has heard the end, and hears on', async () => {
    speech(true);
    await clock.advance(1_000);
    hears('stop', 'over', 900);
    expect(told).toEqual(['turn 1 "stop" at 1000, voiced to 900']);
    expect(taker.inTurn).toBe(false);
    // They speak on without a pause, under the answer.
    taker.agentSpeaking = true;
    await clock.advance(200);
    hears('', 'begun');
    expect(told.slice(1)).toEqual(['suspect at 1200']);
    hears('please do');
    expect(told.slice(2)).toEqual(['interrupt at 1200']);
    taker.agentSpeaking = false;
    speech(false);
    hears('please do', 'over');
    expect(told.slice(3)).toEqual(['turn 2 "please do" at 1200, voiced to 1200']);
  });

  it('hears somebody who speaks too softly for the voice detector', async () => {
    await clock.advance(1_000);
    hears('', 'begun');
    await clock.advance(5_000);
    hears('can you');
    await clock.advance(5_000);
    hears('can you hear me', 'over', 10_700);
    expect(told).toEqual(['turn 1 "can you hear me" at 11000, voiced to 10700']);
    taker.agentSpeaking = true;
    hears('', 'begun');
    hears('now please');
    expect(told.slice(1)).toEqual(['suspect at 11000', 'interrupt at 11000']);
  });

  it('passes over an "uh huh" that the recogniser takes for a turn', async () => {
    taker.agentSpeaking = true;
    speech(true);
    hears('mm', 'ending');
    await clock.advance(300);
    speech(false);
    hears('mm hmm', 'over');
    expect(told).toEqual(['suspect at 0', 'ending 1 "mm" at 0', 'false alarm at 300', 'resumed at 300']);
    expect(taker.inTurn).toBe(false);
  });

  it('ends at last by silence when the recogniser never says so', async () => {
    speech(true);
    await clock.advance(500);
    hears('hello');
    speech(false);
    await clock.advance(10_000);
    expect(told).toEqual(['turn 1 "hello" at 6500, voiced to 500']);
  });

  it.each([() => recognizerTurns({ latestMs: -1 }), () => recognizerTurns({ latest: 3 } as never)])(
    'refuses nonsense %#',
    (make) => {
      expect(make).toThrow(/recognizerTurns/);
    },
  );
});
