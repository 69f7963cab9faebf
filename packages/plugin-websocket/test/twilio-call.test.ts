import { type AudioFrame, type Graph, graph } from '@sluice/core';
import { expectTone, findGaps, measureTone, testTone, VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MediaSocket, type MediaSocketEvent, mediaSocket, twilioForm } from '../src/index.ts';
import { type PairedSocket, socketPair, TwilioCaller } from '../src/testing/index.ts';
import { Voice } from './voice.ts';

const sampleRate = 8_000;
const tone = (frequency: number, durationMs: number) => testTone({ sampleRate, frequency, durationMs });

describe.each([0, 60])('a call in the form of Twilio, %i ms away', (latencyMs) => {
  let clock: VirtualClock;
  let caller: TwilioCaller;
  let agent: MediaSocket;
  let bot: Graph;
  let voice: Voice;
  let near: PairedSocket;
  let events: MediaSocketEvent[];
  let heard: AudioFrame[];
  beforeEach(async () => {
    clock = new VirtualClock();
    const sockets = socketPair({ clock, latencyMs });
    near = sockets[1];
    events = [];
    heard = [];
    voice = new Voice(sampleRate);
    agent = mediaSocket(near, { form: twilioForm(), clock, onEvent: (event) => events.push(event) });
    caller = new TwilioCaller(sockets[0], { clock, parameters: { who: 'Ada' } });
    bot = graph('agent', { clock });
    bot.from(agent.source).to({ next: (frame: AudioFrame) => heard.push(frame) });
    bot.from(voice.source).to(agent.sink);
    await bot.start();
    await clock.advance(200);
  });
  afterEach(() => bot.abort());

  it('is heard to the sample', async () => {
    void caller.say(tone(500, 1_000));
    await clock.advance(1_500);
    const samples = Int16Array.from(heard.flatMap((frame) => [...frame.samples]));
    const begin = samples.findIndex((sample) => sample !== 0);
    expectTone(samples.subarray(begin, begin + 7_900), { sampleRate, frequency: 500, minSnr: 35 });
    expect(heard.map(({ timestamp }) => timestamp)).toEqual(heard.map((_, i) => i * 20_000));
    expect(heard.some(({ gap }) => gap !== undefined)).toBe(false);
    expect(events[0]).toMatchObject({ type: 'started', start: { streamId: 'MZ0', parameters: { who: 'Ada' } } });
  });

  it('plays an utterance whole, and its receipt says so', async () => {
    const receipt = agent.sink.utterance('hello');
    const reached: number[] = [];
    receipt.mark(500, () => reached.push(clock.now() - 200 - 2 * latencyMs));
    voice.say(tone(440, 1_000), 'hello');
    voice.end();
    await clock.advance(1_000 + 2 * latencyMs + 400);
    expect(await receipt.finished).toEqual({ playedMs: 1_000, interrupted: false });
    expect(await agent.sink.finished).toEqual({ playedMs: 1_000, droppedMs: 0 });
    expect(caller.played).toBe(8_000);
    const begin = caller.heard.findIndex((sample) => sample !== 0);
    const sound = caller.heard.subarray(begin, begin + 7_980);
    expect(measureTone(sound, sampleRate, 440).snr).toBeGreaterThan(35);
    expect(findGaps(sound, { sampleRate }).gaps).toEqual([]);
    // Told when it was heard there, and a way back.
    expect(reached[0]).toBeGreaterThanOrEqual(500);
    expect(reached[0]).toBeLessThanOrEqual(540);
  });

  it.each([30, 230, 437, 1_015])('knows what was heard when it is interrupted after %i ms', async (afterMs) => {
    voice.say(tone(440, 4_000), 'long');
    await clock.advance(2 * latencyMs + afterMs);
    const receipt = agent.sink.utterance('long');
    voice.drop();
    const interrupting = bot.interrupt();
    await clock.advance(500);
    const { heardMs, droppedMs } = await interrupting;
    const { playedMs, interrupted } = await receipt.finished;
    expect(interrupted).toBe(true);
    // To a message of the far side, by which its time is known.
    expect(Math.abs(playedMs - caller.played / 8)).toBeLessThanOrEqual(20);
    expect(heardMs).toBeCloseTo(playedMs, 6);
    expect(heardMs + droppedMs).toBeGreaterThan(1_000);
    expect([caller.clears, caller.bufferedMs]).toEqual([1, 0]);
  });

  it('says the next thing at once after an interruption, and counts it alone', async () => {
    voice.say(tone(440, 2_000), 'one');
    await clock.advance(400);
    const one = agent.sink.utterance('one');
    voice.drop();
    const interrupting = bot.interrupt();
    voice.say(tone(800, 500), 'two');
    await clock.advance(1_500);
    await interrupting;
    expect(await one.finished).toMatchObject({ interrupted: true });
    expect(await agent.sink.utterance('two').finished).toEqual({ playedMs: 500, interrupted: false });
    const end = caller.heard.findLastIndex((sample) => Math.abs(sample) > 100);
    expect(measureTone(caller.heard.subarray(end - 3_800, end - 100), sampleRate, 800).snr).toBeGreaterThan(30);
  });

  it('stands still in doubt and goes on where it was cut', async () => {
    const samples = tone(440, 2_000);
    voice.say(samples, 'one');
    await clock.advance(600);
    const pausing = bot.pause();
    await clock.advance(300);
    await pausing;
    const stopped = caller.played;
    expect(caller.bufferedMs).toBe(0);
    await clock.advance(500);
    expect(caller.played).toBe(stopped);
    bot.resume();
    await clock.advance(3_000);
    // What is repeated or lost at the seam is less than a message.
    expect(Math.abs(caller.played - samples.length)).toBeLessThanOrEqual(160);
    expect(await agent.sink.utterance('one').finished).toEqual({ playedMs: 2_000, interrupted: false });
  });

  it.each([1, 130])('says all in its order when it goes on %i ms after it was told to stand still', async (afterMs) => {
    // Each message a little louder than the one before.
    const samples = Int16Array.from({ length: 16_000 }, (_, index) => 1_000 + 250 * Math.floor(index / 160));
    voice.say(samples, 'one');
    await clock.advance(300);
    // The socket takes nothing for a while: a part of the sentence has not left when it is to stand still.
    near.bufferedAmount = 1_000_000;
    await clock.advance(300);
    void bot.pause();
    near.bufferedAmount = 0;
    await clock.advance(afterMs);
    bot.resume();
    await clock.advance(4_000);
    const sound = caller.heard.filter((sample) => sample > 500);
    expect(Math.abs(sound.length - samples.length)).toBeLessThanOrEqual(160);
    const back = sound.slice(1).map((sample, index) => sound[index]! - sample);
    // What is repeated at the seam is less than a message.
    expect(Math.max(...back)).toBeLessThan(1_300);
    expect(await agent.sink.utterance('one').finished).toEqual({ playedMs: 2_000, interrupted: false });
  });

  it('keeps nothing for a caller who hangs up while it stands still', async () => {
    voice.say(tone(440, 2_000), 'one');
    await clock.advance(600);
    void bot.pause();
    caller.hangUp();
    await clock.advance(500);
    bot.resume();
    await clock.advance(3_000);
    // It does not look for room in a socket that is gone.
    expect(clock.timers).toBe(0);
    expect(await agent.sink.utterance('one').finished).toMatchObject({ interrupted: true });
  });

  it('forgets nothing that was heard when it is interrupted in a pause', async () => {
    voice.say(tone(440, 2_000), 'one');
    await clock.advance(2 * latencyMs + 600);
    void bot.pause();
    await clock.advance(300);
    voice.drop();
    const interrupting = bot.interrupt();
    await clock.advance(300);
    const { heardMs } = await interrupting;
    expect(Math.abs(heardMs - caller.played / 8)).toBeLessThanOrEqual(20);
    const stopped = caller.played;
    bot.resume();
    await clock.advance(1_000);
    expect(caller.played).toBe(stopped);
  });
});
