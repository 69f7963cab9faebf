import { type AudioFrame, graph } from '@sluice/core';
import { fromTone } from '@sluice/nodes';
import { CallClient, Daily, fromParticipantAudio, startRoomServer, toMicrophone } from '@sluice/transport';
import { expect, test } from 'vitest';

/** Sound of a tone, without what the codec adds before and after it, in milliseconds. */
function soundMs(frames: readonly AudioFrame[]): number {
  let samples = 0;
  for (const frame of frames)
    for (let start = 0; start < frame.length; start += frame.sampleRate / 200) {
      const part = frame.samples.subarray(start, start + frame.sampleRate / 200);
      if (part.some((sample) => Math.abs(sample) > 2_000)) samples += part.length;
    }
  return (samples * 1000) / (frames[0]?.sampleRate ?? 1);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('an interruption in a call tells what the far side heard', async () => {
  await using server = await startRoomServer();
  Daily.init();
  try {
    await using ada = new CallClient();
    await using grace = new CallClient();
    const microphone = Daily.createMicrophoneDevice('microphone', { sampleRate: 16_000 });
    const inputs = { microphone: { isEnabled: true, settings: { deviceId: 'microphone' } } };
    const url = server.roomUrl('interrupted');
    await ada.join(url, { clientSettings: { inputs } });
    await grace.join(url);
    const heard: AudioFrame[] = [];
    fromParticipantAudio(grace, ada.participants().local.id, { sampleRate: 16_000 }).subscribe((frame) =>
      heard.push(frame),
    );
    const sink = toMicrophone(microphone);
    const bot = graph('speaker');
    bot.from(fromTone({ frequency: 500, sampleRate: 48_000, amplitude: 0.5, duration: 60 })).to(sink);
    await bot.start();
    while (soundMs(heard) < 1_000) await sleep(20);
    const played = (microphone.counters.played * 1000) / 16_000;
    const report = await bot.interrupt();
    // Until the new epoch's media begins nothing but the fade leaves.
    expect(report.heardMs - played).toBeGreaterThanOrEqual(0);
    expect(report.heardMs - played).toBeLessThan(60);
    bot.abort();
    await sleep(500);
    const far = soundMs(heard);
    expect(Math.abs(far - report.heardMs)).toBeLessThan(120);
    expect(report.sinks).toEqual([{ node: 'toMicrophone', heardMs: report.heardMs, droppedMs: expect.any(Number) }]);
  } finally {
    await Daily.deinit();
  }
});
