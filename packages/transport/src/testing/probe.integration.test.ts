import {
  ProbeListener,
  type ProbeReport,
  probeSamples,
  type RawCallOptions,
  rawCall,
  writePaced,
} from '@sluice/transport/testing';
import { describe, expect, it } from 'vitest';

/** Plays `frames` coded frames through a real Opus leg; `change` may damage the samples before they are written. */
async function play(
  frames: number,
  options: RawCallOptions = {},
  change = (samples: Int16Array) => samples,
): Promise<ProbeReport> {
  const sampleRate = options.sampleRate ?? 48_000;
  const call = await rawCall(options);
  try {
    const listener = new ProbeListener();
    call.onAudio(({ samples, sampleRate, channelCount }, at) => {
      listener.push(samples, { sampleRate, channels: channelCount }, at);
    });
    // The first frames are lost before DTLS is up and while the jitter buffer fills: 50 frames of lead-in are left out.
    const written = await writePaced(call.write, change(probeSamples(frames, { sampleRate })), sampleRate);
    await new Promise((resolve) => setTimeout(resolve, 400));
    return listener.report({ emittedAt: (index) => written[2 * index], expected: { first: 50, end: frames } });
  } finally {
    call.close();
  }
}

const bitrate = (bps: number) => (sdp: string) => sdp.replace(/(a=fmtp:111 [^\r]*)/, `$1;maxaveragebitrate=${bps}`);

describe('the probe signal through real Opus', () => {
  it('reads every frame of 8 s at 24000 bit/s', async () => {
    const report = await play(400, { mapSdp: bitrate(24_000) });
    expect(report.gaps).toEqual([]);
    expect(report.arrivals.every(({ index }) => index < 400)).toBe(true);
    expect(report.orderErrors).toBe(0);
    expect(report.duplicates).toBe(0);
    expect(report.delay!.median).toBeGreaterThan(0);
    expect(report.delay!.median).toBeLessThan(1000);
  });

  it('reads it from 16 kHz', async () => {
    const report = await play(150, { sampleRate: 16_000 });
    expect(report.gaps).toEqual([]);
  });

  it('finds what is cut out and silenced before the codec', async () => {
    const report = await play(300, {}, (samples) => samples.fill(0, 100 * 960, 110 * 960));
    expect(report.gaps).toMatchObject([{ firstIndex: 100, frames: 10, ms: 200 }]);
    const longest = Math.max(...report.silences.map(({ ms }) => ms));
    expect(longest).toBeGreaterThan(150);
    // A jitter buffer stretches silence freely.
    expect(longest).toBeLessThan(600);
  });
});
