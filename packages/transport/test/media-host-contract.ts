import { findGaps, measureTone } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostAudioProgress, MediaHost } from '../src/host/media-host.ts';
import { joined, type LinkedConnections, linkConnections, record, tone, wait } from './linked-connections.ts';

const mono = { sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 60 } as const;

/** What every media host must do, whichever process its engine runs in. */
export function mediaHostContract(name: string, createHost: () => MediaHost): void {
  describe(`media host: ${name}`, () => {
    let host: MediaHost;
    let link: LinkedConnections;

    beforeEach(async () => {
      host = createHost();
      // The engine is up when it answers.
      await host.stats();
      link = linkConnections(host);
    });
    afterEach(async () => {
      link.close();
      await host.close();
    });

    it('plays a tone that is heard on the other side, unbroken', async () => {
      const source = host.createAudioSource(mono);
      link.a.addTrack('microphone', source);
      const heard = record(link.b, 'microphone');
      await link.negotiate();
      source.write(tone({ hz: 440, sampleRate: 48_000, ms: 3_000 }));
      source.flush();
      await wait(3_000);
      expect([...heard.formats]).toEqual(['48000/1']);
      const samples = joined(heard.chunks);
      const middle = samples.subarray(samples.length - 48_000 * 1.5, samples.length - 24_000);
      const measured = measureTone(middle, 48_000, 440, { searchHz: 5 });
      expect(Math.abs(measured.frequency - 440)).toBeLessThan(1);
      expect(findGaps(middle, { sampleRate: 48_000 }).gaps).toEqual([]);
      expect(measured.snr).toBeGreaterThan(20);
    });

    it('carries two channels apart', async () => {
      const source = host.createAudioSource({ ...mono, channels: 2 });
      link.a.addTrack('customAudio.music', source);
      const heard = record(link.b, 'customAudio.music');
      await link.negotiate();
      source.write(tone({ hz: 440, hzRight: 660, sampleRate: 48_000, ms: 2_500, channels: 2 }));
      await wait(2_200);
      expect(heard.channels).toBe(2);
      const last = (channel: number) => joined(heard.chunks.slice(-60, -10), 2, channel);
      expect(Math.abs(measureTone(last(0), 48_000, 440).frequency - 440)).toBeLessThan(2);
      expect(Math.abs(measureTone(last(1), 48_000, 660).frequency - 660)).toBeLessThan(2);
    });

    it('names tracks of both sides, answers with its own, and takes them away again', async () => {
      const seen: string[] = [];
      link.a.on('track', (track) => seen.push(`a ${track.name} ${track.present}`));
      link.b.on('track', (track) => seen.push(`b ${track.name} ${track.present}`));
      const source = host.createAudioSource(mono);
      link.a.addTrack('microphone', source);
      link.b.addTrack('microphone', source);
      link.b.addTrack('customAudio.extra', source);
      await link.negotiate();
      expect(seen.sort()).toEqual(['a customAudio.extra true', 'a microphone true', 'b microphone true']);
      seen.length = 0;
      link.b.removeTrack('microphone');
      link.a.addTrack('screenAudio', source);
      await link.negotiate('b');
      expect(seen.sort()).toEqual(['a microphone false', 'b screenAudio true']);
    });

    it('uses the m-lines of removed tracks again, for other channels too', async () => {
      const source = host.createAudioSource({ ...mono, channels: 2 });
      const single = host.createAudioSource(mono);
      let sections = 0;
      for (let cycle = 0; cycle < 6; cycle++) {
        link.a.addTrack(`customAudio.${cycle}`, cycle % 2 === 0 ? single : source);
        await link.negotiate();
        if (cycle < 5) link.a.removeTrack(`customAudio.${cycle}`);
        const offer = await link.a.createOffer();
        sections = offer.sdp.split('m=audio').length - 1;
        await link.b.setRemoteDescription(offer);
        await link.a.setRemoteDescription(await link.b.createAnswer());
      }
      expect(sections).toBe(1);
      const heard = record(link.b, 'customAudio.5');
      source.write(tone({ hz: 440, hzRight: 660, sampleRate: 48_000, ms: 1_800, channels: 2 }));
      await wait(1_500);
      expect(heard.channels).toBe(2);
      const right = joined(heard.chunks.slice(-60, -10), 2, 1);
      expect(Math.abs(measureTone(right, 48_000, 660).frequency - 660)).toBeLessThan(2);
    });

    it('recovers from glare by rolling back', async () => {
      const source = host.createAudioSource(mono);
      link.a.addTrack('microphone', source);
      link.b.addTrack('microphone', source);
      const [offerOfA] = await Promise.all([link.a.createOffer(), link.b.createOffer()]);
      await link.b.rollback();
      await link.b.setRemoteDescription(offerOfA);
      const answer = await link.b.createAnswer();
      expect(answer.tracks.map((track) => track.name)).toEqual(['microphone']);
      await link.a.setRemoteDescription(answer);
      const heard = record(link.a, 'microphone');
      await wait(1_000);
      expect(heard.chunks.length).toBeGreaterThan(20);
    });

    it('keeps playing through an ICE restart', async () => {
      const source = host.createAudioSource(mono);
      link.a.addTrack('microphone', source);
      const heard = record(link.b, 'microphone');
      await link.negotiate();
      source.write(tone({ hz: 440, sampleRate: 48_000, ms: 3_000 }));
      await wait(1_000);
      await link.negotiate('a', { iceRestart: true });
      await wait(1_000);
      const samples = joined(heard.chunks.slice(-120));
      expect(findGaps(samples, { sampleRate: 48_000 }).gaps).toEqual([]);
    });

    it('counts what was played and dropped to the sample', async () => {
      const source = host.createAudioSource({ ...mono, sampleRate: 16_000 });
      let last: HostAudioProgress | undefined;
      source.onProgress((progress) => {
        last = progress;
      });
      source.write(tone({ hz: 440, sampleRate: 16_000, ms: 400 }));
      await wait(200);
      const dropped = await source.clear(5);
      await wait(50);
      expect(last!.played + last!.dropped).toBe(6_400);
      expect(last!.dropped).toBe(dropped);
      expect(last!.played).toBeGreaterThan(1_600);
      expect(last!.played).toBeLessThan(4_800);
      expect(last!.underruns).toBe(0);
    });

    it('reports received packets and statistics', async () => {
      const source = host.createAudioSource(mono);
      link.a.addTrack('microphone', source);
      const packets: number[] = [];
      link.b.on('packets', ({ received }) => packets.push(received));
      await link.negotiate();
      await wait(1_500);
      expect(packets.length).toBeGreaterThan(2);
      expect(packets.at(-1)!).toBeGreaterThan(packets.at(-2)!);
      const stats = await link.b.stats();
      expect(stats.packetsReceived).toBeGreaterThan(40);
      const engine = await host.stats();
      expect(engine.connections).toBe(2);
      expect(engine.sources).toBe(1);
      expect(engine.tickLateness.max).toBeGreaterThan(0);
      expect(engine.rss).toBeGreaterThan(1e6);
    });

    it('refuses what is closed or not valid', async () => {
      expect(() => host.createAudioSource({ ...mono, sampleRate: 11_025 })).toThrow(RangeError);
      expect(() => host.createAudioSource({ ...mono, channels: 3 })).toThrow(RangeError);
      await expect(link.a.setRemoteDescription({ type: 'offer', sdp: 'nonsense', tracks: [] })).rejects.toMatchObject({
        code: 'SLUICE_HOST_NEGOTIATION',
      });
      const source = host.createAudioSource(mono);
      source.close();
      expect(() => source.write(new Int16Array(160))).toThrow(expect.objectContaining({ code: 'SLUICE_HOST_CLOSED' }));
      link.a.close();
      await expect(link.a.createOffer()).rejects.toMatchObject({ code: 'SLUICE_HOST_CLOSED' });
    });
  });
}
