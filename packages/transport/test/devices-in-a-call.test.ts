import { findGaps, measureTone } from '@sluice/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Daily } from '../src/daily.ts';
import { currentDevices } from '../src/devices/registry.ts';
import { type LinkedConnections, linkConnections, tone, wait } from './linked-connections.ts';

const RATE = 16_000;

/** A microphone on one side of a connection, the selected speaker on the other. */
async function connectedDevices(mediaHost: 'child' | 'in-process') {
  Daily.init({ mediaHost });
  const microphone = Daily.createMicrophoneDevice('mic', { sampleRate: RATE });
  const speaker = Daily.createSpeakerDevice('speaker', { sampleRate: RATE });
  Daily.selectSpeakerDevice('speaker');
  const { host, speakers } = currentDevices();
  await host.stats();
  const link = linkConnections(host);
  const { input } = microphone;
  const use = input.use();
  link.a.addTrack('microphone', input.source);
  link.b.receive('microphone', true);
  const voice = speakers.open();
  link.b.on('audio', ({ samples, sampleRate, channels }) => voice.push(samples, sampleRate, channels));
  const connected = new Promise<void>((resolve) => {
    link.a.on('state', (state) => {
      if (state === 'connected') resolve();
    });
  });
  await link.negotiate();
  await connected;
  use.set('heard');
  // Until the far side's jitter buffer has settled on the silence that comes first.
  await wait(1_500);
  return { microphone, speaker, link };
}

const samplesOf = (bytes: Buffer) => new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);

describe.each(['child', 'in-process'] as const)('devices in a call, engine %s', (mediaHost) => {
  let link: LinkedConnections | undefined;
  afterEach(async () => {
    link?.close();
    await Daily.deinit();
  });

  /** What the speaker hears of 3 s of a tone that `speak` writes. */
  async function hear(speak: (write: (start: number) => Promise<number>, length: number) => Promise<void>) {
    const devices = await connectedDevices(mediaHost);
    link = devices.link;
    const all = tone({ hz: 440, sampleRate: RATE, ms: 3_000 });
    const listening = devices.speaker.readFrames(RATE * 4);
    await speak((start) => devices.microphone.writeFrames(all.slice(start, start + 320)), all.length);
    const heard = samplesOf(await listening);
    const first = heard.findIndex((sample) => Math.abs(sample) > 2_000);
    const spoken = heard.subarray(first + RATE / 10, first + RATE * 2.8);
    return { spoken, ...devices };
  }

  it('sounds continuous to a writer that only writes', async () => {
    const { spoken, microphone } = await hear(async (write, length) => {
      for (let start = 0; start < length; start += 320) await write(start);
    });
    expect(findGaps(spoken, { sampleRate: RATE }).gaps).toEqual([]);
    expect(measureTone(spoken, RATE, 440, { searchHz: 3 }).snr).toBeGreaterThan(15);
    expect(microphone.counters.underruns).toBe(0);
  });

  it('sounds continuous to a writer that sleeps 20 ms after each 20 ms', async () => {
    const { spoken, microphone } = await hear(async (write, length) => {
      for (let start = 0; start < length; start += 320) {
        void write(start);
        await wait(20);
      }
    });
    expect(findGaps(spoken, { sampleRate: RATE }).gaps).toEqual([]);
    expect(microphone.counters.underruns).toBe(0);
  });
});
