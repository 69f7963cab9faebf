import { type AudioFrame, createSink, graph } from '@sluice/core';
import { testTone, VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { CallClient } from '../call/call-client.ts';
import { RENDERERS } from '../call/client/receiving-client.ts';
import type { RoomConnectionStats } from '../room/driver.ts';
import { fromCall } from './from-call.ts';
import { fromParticipantAudio } from './from-participant-audio.ts';

const RATE = 48_000;
const zeros = new Int16Array(RATE / 100);
const tone = testTone({ sampleRate: RATE, frequency: 400, durationMs: 10, amplitude: 8_000 });
const toNowhere = () =>
  createSink<AudioFrame>({ name: 'nowhere', open: () => ({ write: (frame) => frame.close(), end: () => {} }) });

/** A bot that hears two in a call, of which `ada` sends what a test says and `ben` sounds. */
async function hearing() {
  const clock = new VirtualClock();
  const client = new CallClient({ clock });
  const { audio, glitches } = client[RENDERERS];
  const bot = graph('bot', { clock });
  for (const id of ['ada', 'ben'])
    bot.from(fromParticipantAudio(client, id, { sampleRate: RATE }), { name: id }).to(toNowhere());
  bot.from(fromCall(client), { name: 'mix' }).to(toNowhere());
  await bot.start();
  let seconds = 0;
  const measured = (participantId: string, bytes: number) => ({
    participantId,
    name: 'microphone',
    packetsReceived: 50 * seconds,
    bytesReceived: 50 * seconds * bytes,
    totalSamplesReceived: RATE * seconds,
    concealedSamples: 0,
    silentConcealedSamples: 0,
    concealmentEvents: 0,
  });
  const comes = async (forSeconds: number, ada: Int16Array, bytes = 35) => {
    for (const end = seconds + forSeconds; seconds < end; ) {
      for (let piece = 0; piece < 100; piece++) {
        for (const [id, samples] of [
          ['ada', ada],
          ['ben', tone],
        ] as const) {
          audio.take(id, 'microphone', samples, RATE, 1);
          glitches.take(id, 'microphone', samples);
        }
        await clock.advance(10);
      }
      seconds++;
      glitches.measure([
        { id: 1, audio: [measured('ada', bytes), measured('ben', 80)] } as unknown as RoomConnectionStats,
      ]);
    }
  };
  const problems = () => bot.inspect().problems.filter((problem) => /packets/.test(problem));
  return { bot, comes, problems, glitches };
}

test('one whose packets hold nothing but zeros is a problem of whoever hears them, by name, until there is sound', async () => {
  const { bot, comes, problems } = await hearing();
  await comes(9, zeros);
  expect(problems()).toEqual([]);
  await comes(3, zeros);
  expect(problems()).toEqual([
    expect.stringMatching(
      /^`ada.*` gets packets of the microphone of ada, which is not muted, .* digital silence for all of 11 s/,
    ),
    expect.stringMatching(/^`mix.*` gets packets of the microphone of ada, which is not muted/),
  ]);
  await comes(1, tone);
  expect(problems()).toEqual([]);
  // Heard once, it may have nothing to say; but not in packets as large as these.
  await comes(12, zeros);
  expect(problems()).toEqual([]);
  await comes(12, zeros, 160);
  expect(problems()[0]).toMatch(/too large for silence/);
  bot.abort();
});

test('one who is muted is no problem, nor is what was before', async () => {
  const { bot, comes, problems, glitches } = await hearing();
  await comes(12, zeros);
  expect(problems()).toHaveLength(2);
  glitches.arrival('ada', 'microphone', 'paused');
  expect(problems()).toEqual([]);
  glitches.arrival('ada', 'microphone', 'arrives');
  await comes(5, zeros);
  expect(problems()).toEqual([]);
  bot.abort();
});
