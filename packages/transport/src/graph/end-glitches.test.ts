import { type AudioFrame, createSink, graph } from '@sluice/core';
import { testTone, VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { CallClient } from '../call/call-client.ts';
import { RENDERERS } from '../call/client/receiving-client.ts';
import { virtualDevices } from '../testing/virtual-devices.ts';
import { fromCall } from './from-call.ts';
import { fromParticipantAudio } from './from-participant-audio.ts';
import { fromParticipantVideo } from './from-participant-video.ts';
import { fromSpeaker } from './from-speaker.ts';
import { toCamera } from './to-camera.ts';
import { toMicrophone } from './to-microphone.ts';

const RATE = 48_000;
const tone = testTone({ sampleRate: RATE, frequency: 400, durationMs: 10, amplitude: 8_000 });
const toNowhere = () =>
  createSink<AudioFrame>({ name: 'nowhere', open: () => ({ write: (frame) => frame.close(), end: () => {} }) });

test('ends that play or hear tell their glitches in inspect(), of the time since they were opened', async () => {
  const clock = new VirtualClock();
  const devices = virtualDevices({ clock });
  const microphone = devices.createMicrophoneDevice('mic', { sampleRate: RATE });
  const speaker = devices.createSpeakerDevice('speaker', { sampleRate: RATE });
  const camera = devices.createCameraDevice('camera', { width: 16, height: 16 });
  camera.input.use().set('heard');
  const client = new CallClient({ clock });
  const { audio, glitches, listeners } = client[RENDERERS];
  const bot = graph('bot', { clock });
  bot.from(fromSpeaker(speaker)).to(toMicrophone(microphone));
  bot.from(fromCall(client)).to(toNowhere());
  bot.from(fromParticipantAudio(client, 'ada', { sampleRate: RATE })).to(toNowhere());
  bot.from(fromParticipantVideo(client, 'ada')).to(toCamera(camera));
  const counts = () =>
    Object.fromEntries(
      bot.inspect().nodes.map(({ description, glitches }) => [/\[(.*)\]/.exec(description)![1], glitches]),
    );
  expect(counts()).toMatchObject({
    fromSpeaker: { gaps: 0, playedMs: 0, gapsPerHour: 0 },
    fromCall: { gaps: 0, playedMs: 0 },
    fromParticipantAudio: { gaps: 0, playedMs: 0 },
    toMicrophone: { gaps: 0, playedMs: 0 },
    fromParticipantVideo: { gaps: 0, playedMs: 0 },
    toCamera: { gaps: 0, playedMs: 0 },
    nowhere: undefined,
  });
  await bot.start();
  const voice = speaker.openVoice();
  const heard = listeners.open(voice);
  const plays = async (ms: number) => {
    for (let at = 0; at < ms; at += 10) {
      audio.take('ada', 'microphone', tone, RATE, 1);
      glitches.take('ada', 'microphone', tone);
      heard.push(tone.slice(), RATE, 1);
      await clock.advance(10);
    }
  };
  await plays(1_000);
  await clock.advance(100);
  await plays(1_000);
  const { fromSpeaker: ear, fromCall: mix, toMicrophone: mouth, fromParticipantAudio: person, nowhere } = counts();
  for (const end of [ear, mix]) {
    expect(end).toMatchObject({ gaps: 1, concealedMs: 0, gapsPerHour: 60 });
    expect(end!.gapMs).toBeGreaterThan(70);
    expect(end!.gapMs).toBeLessThan(130);
    expect(end!.playedMs).toBeGreaterThan(1_900);
  }
  expect(speaker.glitches).toMatchObject({ gaps: 1 });
  // A hole that the ear heard is sound with silence in it when the mouth plays it.
  expect(mouth).toMatchObject({ gaps: 0 });
  expect(mouth!.playedMs).toBeGreaterThan(1_900);
  expect(person).toMatchObject({ gaps: 0, concealedMs: 0 });
  expect(nowhere).toBeUndefined();
  for (let shown = 0; shown < 12; shown++) {
    await clock.advance(shown === 11 ? 700 : 40);
    camera.writeFrame(new Uint8Array(1_024).fill(20 * shown));
    glitches.show('ada', 'camera', { width: 16, height: 16, data: new Uint8Array(384).fill(20 * shown) });
  }
  const frozen = { gaps: 1, gapMs: 700, playedMs: 1_100, gapsPerHour: 60 };
  expect(counts()).toMatchObject({ fromParticipantVideo: frozen, toCamera: frozen });
  bot.abort();
  await client.release();
  await devices.close();
});
