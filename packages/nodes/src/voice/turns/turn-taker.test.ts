import { micros } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { defineVoiceModel, fakeTurnDetector, type TurnDetector } from '@sluice/core/voice';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Turn } from './turn.ts';
import { backChannels, externalTurns, judged, minimumWords, pushToTalk, silence } from './turn-strategies.ts';
import type { TurnStrategy } from './turn-strategy.ts';
import { TurnTaker } from './turn-taker.ts';

describe('TurnTaker', () => {
  let clock: VirtualClock;
  let told: string[];
  let turns: Turn[];
  let taker: TurnTaker;

  const take = (strategies: readonly TurnStrategy[] = [silence({ ms: 500 })], recognizerLatencyMs = 100) => {
    taker = new TurnTaker({
      clock,
      strategies,
      recognizerLatencyMs,
      onTurn: (turn) => {
        turns.push(turn);
        told.push(`turn ${turn.text} at ${clock.now()}`);
      },
      onSuspect: () => told.push(`suspect at ${clock.now()}`),
      onInterrupt: () => told.push(`interrupt at ${clock.now()}`),
      onFalseAlarm: () => told.push(`false alarm at ${clock.now()}`),
    });
    return taker;
  };
  const speech = (speaking: boolean, atMs = clock.now()) =>
    taker.onSpeech({
      kind: 'speech',
      speaking,
      at: micros(atMs * 1_000),
      toldAt: micros(clock.now() * 1_000),
      atMs,
      timestamp: micros(atMs * 1_000),
    });
  const hears = (text: string, final = false, rejected = false, endMs = 0) =>
    taker.onTranscript({
      kind: 'transcript',
      text,
      words: [],
      final,
      rejected,
      timestamp: micros(0),
      end: micros(endMs * 1_000),
    });
  /** Says a text for so long; the last word is told when the speech is over. */
  const says = async (text: string, ms: number) => {
    speech(true);
    await clock.advance(ms);
    speech(false);
    hears(text, true);
  };

  beforeEach(() => {
    clock = new VirtualClock();
    told = [];
    turns = [];
  });

  it('ends a turn after the silence, counted from the last voiced sample', async () => {
    take();
    speech(true);
    await clock.advance(1_000);
    // The detector tells 200 ms late.
    speech(false, 800);
    hears('hello', true);
    await clock.advance(1_000);
    expect(told).toEqual(['turn hello at 1300']);
    expect(turns[0]).toMatchObject({ id: 1, voicedStartMs: 0, voicedEndMs: 800, finalTextMs: 1_000, decidedMs: 1_300 });
  });

  it('joins what is said with short pauses, and numbers what is not', async () => {
    take();
    await says('I would like', 600);
    await clock.advance(300);
    await says('a cup of tea', 700);
    await clock.advance(2_000);
    await says('please', 300);
    await clock.advance(2_000);
    expect(turns.map(({ id, text }) => [id, text])).toEqual([
      [1, 'I would like a cup of tea'],
      [2, 'please'],
    ]);
  });

  it('takes a final of two stretches of speech for the last word of both', async () => {
    take();
    for (const ms of [200, 400]) {
      speech(true);
      await clock.advance(ms);
      speech(false);
      await clock.advance(300);
    }
    hears('hello my friend', true, false, 890);
    await clock.advance(1_000);
    expect(told).toEqual(['turn hello my friend at 1400']);
  });

  it('waits for the last word, but not for ever', async () => {
    take();
    speech(true);
    await clock.advance(500);
    hears('how are');
    speech(false);
    await clock.advance(800);
    expect(told).toEqual([]);
    hears('how are you', true);
    expect(told).toEqual(['turn how are you at 1300']);
    speech(true);
    await clock.advance(500);
    hears('well');
    speech(false);
    await clock.advance(3_000);
    expect(told.at(-1)).toBe('turn well at 2900');
  });

  it.each([
    ['silence', () => [silence({ ms: 500 })]],
    ['somebody else', () => [externalTurns()]],
  ])('answers words that come when nobody waits for them any more, where %s ends turns', async (_who, strategies) => {
    const [strategy] = strategies();
    take([strategy!]);
    speech(true);
    await clock.advance(500);
    speech(false);
    if ('end' in strategy!) (strategy.end as () => void)();
    await clock.advance(4_000);
    expect(told).toEqual([]);
    hears('how are you', true, false, 500);
    expect(told).toEqual(['turn how are you at 4500']);
    expect(turns[0]).toMatchObject({ voicedStartMs: 0, voicedEndMs: 500, finalTextMs: 4_500 });
    await clock.advance(4_000);
    expect(told).toHaveLength(1);
  });

  it('adds late words to what is said meanwhile, and waits for the last word of that', async () => {
    take();
    speech(true);
    await clock.advance(500);
    speech(false);
    await clock.advance(2_000);
    speech(true);
    await clock.advance(300);
    hears('how are you', true, false, 500);
    await clock.advance(200);
    speech(false);
    await clock.advance(800);
    expect(told).toEqual([]);
    hears('hello', true, false, 3_000);
    expect(told).toEqual(['turn how are you hello at 3800']);
  });

  it('does not answer twice what was told in part, nor wait for what never comes', async () => {
    take();
    speech(true);
    await clock.advance(500);
    hears('well');
    speech(false);
    await clock.advance(3_000);
    hears('well', true, false, 500);
    expect(told).toEqual(['turn well at 1600']);
    speech(true);
    await clock.advance(500);
    speech(false);
    // Its last word is lost with the recogniser.
    await clock.advance(3_000);
    speech(true);
    await clock.advance(500);
    speech(false);
    hears('hello', true, false, 7_500);
    await clock.advance(1_000);
    expect(told.slice(1)).toEqual(['turn hello at 8000']);
  });

  it('makes no turn of noise, and one without words of what is not understood', async () => {
    take();
    await says('', 300);
    await clock.advance(2_000);
    expect(told).toEqual([]);
    speech(true);
    await clock.advance(300);
    speech(false);
    hears('', true, true);
    await clock.advance(2_000);
    expect(turns).toMatchObject([{ text: '', rejected: true }]);
  });

  it('takes speech under the voice for an interruption at once, if nothing speaks against it', async () => {
    take().agentSpeaking = true;
    await clock.advance(100);
    speech(true);
    expect(told).toEqual(['suspect at 100', 'interrupt at 100']);
    taker.agentSpeaking = false;
    await clock.advance(500);
    speech(false);
    hears('stop', true);
    await clock.advance(1_000);
    expect(told.at(-1)).toBe('turn stop at 1100');
  });

  it('waits for words, and goes on when none come', async () => {
    take([silence(), minimumWords({ words: 2 })]).agentSpeaking = true;
    speech(true);
    await clock.advance(200);
    speech(false);
    hears('', true);
    expect(told).toEqual(['suspect at 0', 'false alarm at 200']);
    await clock.advance(2_000);
    speech(true);
    await clock.advance(200);
    hears('no');
    await clock.advance(200);
    hears('no wait');
    expect(told.slice(2)).toEqual(['suspect at 2200', 'interrupt at 2600']);
  });

  it('is in doubt no longer than its bound', async () => {
    take([silence(), minimumWords({ words: 2 })]).agentSpeaking = true;
    speech(true);
    await clock.advance(2_000);
    expect(told).toEqual(['suspect at 0', 'interrupt at 1500']);
  });

  it('lets pass what shows that somebody listens, and neither makes a turn of it', async () => {
    take([silence(), backChannels()]).agentSpeaking = true;
    await says('Uh-huh, yeah.', 400);
    await clock.advance(2_000);
    expect(told).toEqual(['suspect at 0', 'false alarm at 400']);
    speech(true);
    await clock.advance(300);
    hears('yeah but');
    expect(told.at(-1)).toBe('interrupt at 2700');
    taker.agentSpeaking = false;
    speech(false);
    hears('yeah but why', true);
    await clock.advance(1_000);
    expect(turns.at(-1)?.text).toBe('yeah but why');
  });

  it('takes words seriously that come when they were taken for a cough, but not an "uh huh"', async () => {
    for (const [lateMs, agentSpeaks] of [
      [700, true],
      [700, false],
      [5_000, true],
      [5_000, false],
    ] as const) {
      told = [];
      const from = clock.now();
      take([silence(), backChannels()], 2_000);
      // Nobody waits for so long in doubt.
      taker.agentSpeaking = true;
      speech(true);
      await clock.advance(300);
      speech(false);
      await clock.advance(1_200);
      expect(told).toEqual([`suspect at ${from}`, `false alarm at ${from + 1_500}`]);
      await clock.advance(lateMs / 2);
      if (!agentSpeaks) taker.agentSpeaking = false;
      await clock.advance(lateMs / 2);
      hears('please stop', true, false, from + 300);
      await clock.advance(2_500);
      const at = from + 1_500 + lateMs;
      const turn = `turn please stop at ${Math.max(at, from + 300 + 2_050)}`;
      expect(told.slice(2)).toEqual(agentSpeaks ? [`interrupt at ${at}`, turn] : [turn]);

      told = [];
      taker.agentSpeaking = true;
      speech(true);
      await clock.advance(300);
      speech(false);
      await clock.advance(1_200 + lateMs);
      hears('uh huh', true, false, clock.now() - 1_200 - lateMs);
      await clock.advance(4_000);
      expect(told).toHaveLength(2);
    }
  });

  it('puts late words of what was taken for a cough before what is said now', async () => {
    take([silence(), backChannels()]).agentSpeaking = true;
    speech(true);
    await clock.advance(300);
    speech(false);
    await clock.advance(2_000);
    speech(true);
    await clock.advance(200);
    hears('please', true, false, 300);
    expect(told).toEqual(['suspect at 0', 'false alarm at 1400', 'suspect at 2300', 'interrupt at 2500']);
    taker.agentSpeaking = false;
    speech(false);
    hears('stop', true, false, 2_500);
    await clock.advance(1_000);
    expect(told.at(-1)).toBe('turn please stop at 3000');
  });

  it('answers somebody who never stops, by what they have said, and hears on', async () => {
    take();
    speech(true);
    hears('and then');
    await clock.advance(59_000);
    hears('and then and then');
    await clock.advance(2_000);
    expect(told).toEqual(['turn and then and then at 60100']);
    await clock.advance(120_000);
    speech(false);
    hears('at last', true);
    await clock.advance(1_000);
    expect(turns.at(-1)?.text).toBe('at last');
    expect(turns).toHaveLength(2);
  });

  it('survives a hundred interruptions in a row', async () => {
    take();
    for (let round = 0; round < 100; round++) {
      taker.agentSpeaking = true;
      await says(`no ${round}`, 60 + (round % 5));
      taker.agentSpeaking = false;
      await clock.advance(round % 3 === 0 ? 40 : 600);
    }
    await clock.advance(2_000);
    expect(told.filter((line) => line.startsWith('interrupt'))).toHaveLength(100);
    expect(
      turns
        .map(({ text }) => text)
        .join(' ')
        .match(/\d+/g),
    ).toHaveLength(100);
  });

  it('hears only while a button is pressed, and ends with it', async () => {
    const button = pushToTalk();
    take([button]);
    await says('nobody hears this', 500);
    button.press();
    await says('this', 400);
    await clock.advance(3_000);
    expect(told).toEqual([]);
    button.release();
    expect(turns.map(({ text }) => text)).toEqual(['this']);
    expect(button.pressed).toBe(false);
  });

  it('ends when somebody else says so', async () => {
    const external = externalTurns();
    take([external]);
    await says('it is up to you', 500);
    await clock.advance(10_000);
    external.end();
    expect(turns.map(({ text }) => text)).toEqual(['it is up to you']);
    external.end();
    expect(turns).toHaveLength(1);
  });

  it('asks a turn detector with each pause', async () => {
    take([judged({ detector: fakeTurnDetector({ answerMs: 50 }), clock })], 0);
    await clock.settle();
    await says('I think that', 500);
    await clock.advance(1_000);
    expect(turns).toEqual([]);
    await says('it is fine.', 500);
    await clock.advance(300);
    expect(told).toEqual(['turn I think that it is fine. at 2200']);
    await says('and then', 500);
    await clock.advance(1_700);
    expect(turns).toHaveLength(1);
    await clock.advance(200);
    expect(turns).toHaveLength(2);
    taker.close();
  });

  it('gives the model of a strategy the numbers that the graph draws', async () => {
    const drawn: number[] = [];
    const drawing: TurnDetector<object> = defineVoiceModel({
      kind: 'turn-detector',
      name: 'drawing',
      latencyMs: 0,
      settings: {},
      start: ({ random }) => {
        drawn.push(random());
        return { write: () => {} };
      },
    });
    const rest = { recognizerLatencyMs: 0, onTurn: () => {}, onSuspect: () => {}, onInterrupt: () => {} };
    const strategies = () => [judged({ detector: drawing, clock })];
    const options = { ...rest, clock, onFalseAlarm: () => {} };
    const own = new TurnTaker({ ...options, strategies: strategies(), random: () => 0.25 });
    const other = new TurnTaker({ ...options, strategies: strategies() });
    await clock.settle();
    expect(drawn[0]).toBe(0.25);
    expect(drawn[1]).toBeLessThan(1);
    own.close();
    other.close();
  });

  it.each([
    () => silence({ ms: -1 }),
    () => minimumWords({ words: 0 }),
    () => backChannels({ phrases: 'yes' as never }),
    () => judged({ detector: {} as never, clock: new VirtualClock() }),
    () => silence({ millis: 3 } as never),
  ])('refuses nonsense %#', (make) => {
    expect(make).toThrow(/silence|minimumWords|backChannels|judged/);
  });
});
