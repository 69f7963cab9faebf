import { findGaps, measureTone, psnr } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostAudioProgress, HostConnection, HostPicture, MediaHost } from '../src/host/media-host.ts';
import {
  drawnPicture,
  joined,
  keepWriting,
  type LinkedConnections,
  linkConnections,
  plainPicture,
  record,
  tone,
  wait,
  watch,
} from './linked-connections.ts';
import { until } from './until.ts';

const mono = { sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 60 } as const;

/** How alike two pictures are, in dB. */
const quality = (sent: HostPicture, received: HostPicture) =>
  psnr({ ...sent, format: 'I420' }, { ...received, format: 'I420' }).overall;

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

    it('stands still in the middle of a tone, in the engine too, and goes on with the next sample', async () => {
      const source = host.createAudioSource(mono);
      link.a.addTrack('microphone', source);
      let progress: HostAudioProgress | undefined;
      source.onProgress((next) => {
        progress = next;
      });
      const heard = record(link.b, 'microphone');
      await link.negotiate();
      const length = 48_000 * 2;
      source.write(tone({ hz: 440, sampleRate: 48_000, ms: 2_000 }));
      source.flush();
      await until(() => (progress?.played ?? 0) > 48_000);
      await source.pause(5);
      const { played } = progress!;
      // What is written meanwhile stands behind what waits.
      source.write(tone({ hz: 440, sampleRate: 48_000, ms: 500 }));
      await wait(500);
      expect(progress).toMatchObject({ played, dropped: 0 });
      await source.pause(5);
      source.resume();
      source.resume();
      source.flush();
      await until(() => progress?.played === length + 24_000);
      await wait(300);
      expect(progress).toMatchObject({ dropped: 0, underruns: 0 });
      const loud = (sample: number) => Math.abs(sample) > 1_000;
      const samples = joined(heard.chunks);
      const silent = findGaps(samples.subarray(samples.findIndex(loud), samples.findLastIndex(loud)), {
        sampleRate: 48_000,
      });
      expect(silent.gaps).toHaveLength(1);
      const end = source.pause(5);
      source.close();
      await end.catch(() => {});
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

    it('carries two channels also to a far side that writes no Opus parameters', async () => {
      const source = host.createAudioSource({ ...mono, channels: 2 });
      link.a.addTrack('customAudio.music', source);
      const heard = record(link.b, 'customAudio.music');
      await link.b.setRemoteDescription(await link.a.createOffer());
      const answer = await link.b.createAnswer();
      expect(answer.sdp).toContain('stereo=1');
      await link.a.setRemoteDescription({ ...answer, sdp: answer.sdp.replace(/^a=fmtp:.*\r\n/gm, '') });
      source.write(tone({ hz: 440, hzRight: 660, sampleRate: 48_000, ms: 2_000, channels: 2 }));
      await wait(1_700);
      const last = (channel: number) => joined(heard.chunks.slice(-60, -10), heard.channels, channel);
      expect(Math.abs(measureTone(last(0), 48_000, 440).frequency - 440)).toBeLessThan(2);
      expect(Math.abs(measureTone(last(1), 48_000, 660).frequency - 660)).toBeLessThan(2);
    });

    it('gives a G.711 call one rate and no click, whatever other calls of the process come and go', async () => {
      const telephony = (sdp: string) =>
        sdp.replace(/^(m=audio \d+ \S+) .*$/gm, '$1 0').replace(/^a=(rtpmap|fmtp|rtcp-fb):(?!0 ).*\r\n/gm, '');
      const source = host.createAudioSource(mono);
      link.a.addTrack('microphone', source);
      const heard = record(link.b, 'microphone');
      const offer = await link.a.createOffer();
      await link.b.setRemoteDescription({ ...offer, sdp: telephony(offer.sdp) });
      const answer = await link.b.createAnswer();
      expect(answer.sdp).toMatch(/^m=audio \d+ \S+ 0\r?$/m);
      await link.a.setRemoteDescription(answer);
      source.write(tone({ hz: 440, sampleRate: 48_000, ms: 6_000 }));
      await wait(1_500);
      for (let call = 0; call < 2; call++) {
        const other = linkConnections(host);
        other.a.addTrack('microphone', host.createAudioSource(mono));
        const otherHeard = record(other.b, 'microphone');
        await other.negotiate();
        await until(() => otherHeard.chunks.length > 50);
        expect([...otherHeard.formats]).toEqual(['48000/1']);
        other.close();
        await wait(500);
      }
      expect([...heard.formats]).toEqual(['48000/1']);
      const samples = joined(heard.chunks).subarray(24_000);
      // A sine of this height and frequency never takes a larger step than 460.
      let largest = 0;
      for (let at = 1; at < samples.length; at++)
        largest = Math.max(largest, Math.abs(samples[at]! - samples[at - 1]!));
      expect(largest).toBeLessThan(700);
      expect(measureTone(samples.subarray(0, 24_000), 48_000, 440, { searchHz: 5 }).snr).toBeGreaterThan(20);
    });

    it('tells within 1.5 s that the far side closed, although nothing was being sent', async () => {
      const states: string[] = [];
      link.a.on('state', (state) => states.push(state));
      await link.negotiate();
      await until(() => states.includes('connected'));
      // Both have heard of each other.
      await wait(500);
      expect(states.at(-1)).toBe('connected');
      const closed = performance.now();
      link.b.close();
      await until(() => states.at(-1) === 'disconnected');
      expect(performance.now() - closed).toBeLessThan(1_500);
      await wait(2_000);
      expect(states.filter((state) => state !== 'connecting')).toEqual(['connected', 'disconnected']);
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

    it('connects by the answer to an offer that was said twice, and refuses one that was taken back and made anew', async () => {
      link.a.addTrack('microphone', host.createAudioSource(mono));
      const heard = record(link.b, 'microphone');
      const offer = await link.a.createOffer();
      await link.b.setRemoteDescription(offer);
      await link.b.createAnswer();
      await link.b.setRemoteDescription(offer);
      await link.a.setRemoteDescription(await link.b.createAnswer());
      await until(() => heard.chunks.length > 20);

      const [c, d] = [1, 2].map(() => host.createConnection({ candidates: 'loopback' })) as [
        HostConnection,
        HostConnection,
      ];
      c.addTrack('microphone', host.createAudioSource(mono));
      await d.setRemoteDescription(await c.createOffer());
      await d.createAnswer();
      await c.rollback();
      const anew = await c.createOffer();
      await expect(d.setRemoteDescription(anew)).rejects.toMatchObject({ code: 'SLUICE_HOST_NEGOTIATION' });
      c.close();
      d.close();
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

    it('reports received packets and statistics, and decodes no sound without a name of its own', async () => {
      const source = host.createAudioSource(mono);
      for (const name of ['microphone', 'customAudio.nameless', 'customAudio.twice']) link.a.addTrack(name, source);
      const packets: number[] = [];
      link.b.on('packets', ({ received }) => packets.push(received));
      const offer = await link.a.createOffer();
      const tracks = [offer.tracks[0]!, { ...offer.tracks[2]!, name: 'microphone' }];
      await link.b.setRemoteDescription({ ...offer, tracks });
      const answer = await link.b.createAnswer();
      expect(answer.sdp.match(/^a=(recvonly|inactive)/gm)).toEqual(['a=recvonly', 'a=inactive', 'a=inactive']);
      // One that sends all the same.
      await link.a.setRemoteDescription({ ...answer, sdp: answer.sdp.replace(/^a=inactive/gm, 'a=recvonly') });
      await wait(1_500);
      expect(packets.length).toBeGreaterThan(2);
      expect(packets.at(-1)!).toBeGreaterThan(packets.at(-2)!);
      const stats = await link.b.stats();
      expect(stats.packetsReceived).toBeGreaterThan(40);
      expect((await link.a.stats()).packetsSent).toBeGreaterThan(2 * stats.packetsReceived);
      expect(stats.audio).toMatchObject([{ name: 'microphone', totalSamplesReceived: stats.totalSamplesReceived }]);
      const engine = await host.stats();
      expect(engine.connections).toBe(2);
      expect(engine.sources).toBe(1);
      expect(engine.tickLateness.max).toBeGreaterThan(0);
      expect(engine.rss).toBeGreaterThan(1e6);
    });

    it('decodes no pictures of a far side whose pictures are refused, whatever it sends, and hears it', async () => {
      const refusing = host.createConnection({ candidates: 'loopback', pictures: false });
      const sender = host.createConnection({ candidates: 'loopback' });
      refusing.on('candidate', (candidate) => void sender.addIceCandidate(candidate));
      sender.on('candidate', (candidate) => void refusing.addIceCandidate(candidate));
      const [sound, pictures] = [host.createAudioSource(mono), host.createVideoSource({ screen: false })];
      sender.addTrack('microphone', sound);
      sender.addTrack('camera', pictures);
      const offer = await sender.createOffer();
      await refusing.setRemoteDescription(offer);
      const answer = await refusing.createAnswer();
      expect(answer.sdp.match(/^m=(audio|video) \d/gm)).toEqual(['m=audio 9', 'm=video 0']);
      await sender.setRemoteDescription({ ...answer, sdp: takenAllTheSame(answer.sdp, offer.sdp) });
      const stop = keepWriting(pictures, () => plainPicture({ width: 320, height: 180 }, 60));
      sound.write(tone({ hz: 440, sampleRate: 48_000, ms: 10_000 }));
      await until(async () => (await sender.stats()).videoPacketsSent > 20).finally(stop);
      await until(async () => (await refusing.stats()).packetsReceived > 20);
      expect(await refusing.stats()).toMatchObject({ videoPacketsReceived: 0, framesDecoded: 0, video: [] });
      for (const connection of [refusing, sender]) connection.close();
    });

    it('shows pictures as they were written, and smaller and larger ones on the same track', async () => {
      const source = host.createVideoSource({ screen: false });
      link.a.addTrack('camera', source);
      const seen = watch(link.b, 'camera');
      await link.negotiate();
      const sizes = [
        { width: 320, height: 240 },
        { width: 640, height: 360 },
        { width: 162, height: 90 },
      ];
      for (const size of sizes) {
        const picture = drawnPicture(size);
        const stop = keepWriting(source, () => picture);
        const arrived = () => seen.at(-1)?.width === size.width && quality(picture, seen.at(-1)!) >= 30;
        await until(arrived).finally(stop);
        expect(seen.at(-1)).toMatchObject(size);
        expect(seen.at(-1)!.data.byteLength).toBe(seen.at(-1)!.data.buffer.byteLength);
      }
    });

    it('delivers pictures while they are wanted only, and names their tracks', async () => {
      const [camera, screen] = [host.createVideoSource({ screen: false }), host.createVideoSource({ screen: true })];
      const audio = host.createAudioSource(mono);
      const tracks: string[] = [];
      link.b.on('track', ({ name, kind, present }) => tracks.push(`${name} ${kind} ${present}`));
      link.a.addTrack('microphone', audio);
      link.a.addTrack('camera', camera);
      link.a.addTrack('screenVideo', screen);
      const [face, slides] = [watch(link.b, 'camera'), watch(link.b, 'screenVideo')];
      await link.negotiate();
      expect(tracks.sort()).toEqual(['camera video true', 'microphone audio true', 'screenVideo video true']);
      const stops = [
        keepWriting(camera, () => plainPicture({ width: 160, height: 120 }, 60)),
        keepWriting(screen, () => plainPicture({ width: 320, height: 240 }, 200)),
      ];
      await until(() => face.length > 10 && slides.length > 10);
      expect(Math.abs(face.at(-1)!.data[9_600]! - 60)).toBeLessThan(4);
      expect(Math.abs(slides.at(-1)!.data[38_400]! - 200)).toBeLessThan(4);
      link.b.receive('camera', false);
      await wait(200);
      const before = [face.length, slides.length] as const;
      await wait(400);
      expect(face.length).toBe(before[0]);
      expect(slides.length).toBeGreaterThan(before[1]);
      link.b.receive('camera', true);
      await until(() => face.length > before[0] + 5);
      link.a.removeTrack('camera');
      await link.negotiate();
      expect(tracks.at(-1)).toBe('camera video false');
      for (const stop of stops) stop();
    });

    it('sends a track smaller, slower and in another codec, each time that it is told so', async () => {
      const source = host.createVideoSource({ screen: false });
      link.a.addTrack('camera', source, { scaleResolutionDownBy: 2 });
      const seen = watch(link.b, 'camera');
      await link.negotiate();
      const stop = keepWriting(source, () => plainPicture({ width: 320, height: 240 }, 100));
      await until(() => seen.at(-1)?.width === 160);
      link.a.configureTrack('camera', { maxFramerate: 5 });
      await until(() => seen.at(-1)?.width === 320);
      const before = seen.length;
      await wait(2_000);
      expect(seen.length - before).toBeGreaterThan(4);
      expect(seen.length - before).toBeLessThan(16);
      for (const codec of ['VP9', 'AV1', 'VP8'] as const) {
        link.a.configureTrack('camera', { codec });
        await link.negotiate();
        const after = seen.length;
        await until(() => seen.length > after + 15);
        const stats = await link.b.stats();
        expect(stats.framesDecoded).toBeGreaterThan(15);
        expect(stats.videoCodecs).toEqual([codec]);
        expect(stats.path).toMatchObject({ protocol: 'udp', relayed: false, local: { type: 'host' } });
        expect(stats.path?.roundTripMs).toBeLessThan(1_000);
      }
      stop();
    });

    it('feeds the tracks of several connections from one source', async () => {
      const source = host.createVideoSource({ screen: false });
      const second = linkConnections(host);
      link.a.addTrack('camera', source, { scaleResolutionDownBy: 2 });
      second.a.addTrack('camera', source);
      const [small, large] = [watch(link.b, 'camera'), watch(second.b, 'camera')];
      await Promise.all([link.negotiate(), second.negotiate()]);
      const stop = keepWriting(source, () => plainPicture({ width: 160, height: 120 }, 80));
      await until(() => small.at(-1)?.width === 80 && large.at(-1)?.width === 160);
      second.close();
      const before = small.length;
      await until(() => small.length > before + 5);
      stop();
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

/** The answer of somebody who takes the pictures that it refused: its section is that of the offer, by the way of its sound. */
function takenAllTheSame(answer: string, offer: string): string {
  const sections = (sdp: string) => sdp.split(/(?=^m=)/m);
  const way = sections(answer)
    .find((section) => section.startsWith('m=audio '))!
    .match(/^a=(ice-ufrag|ice-pwd|fingerprint|setup):.*\r\n/gm)!;
  const taken = sections(offer)
    .find((section) => section.startsWith('m=video '))!
    .replace(/^a=(ice-ufrag|ice-pwd|fingerprint|setup|ssrc|ssrc-group|msid|candidate):?.*\r\n/gm, '')
    .replace('a=sendrecv', `${way.join('')}a=recvonly`);
  const group = offer.match(/^a=group:BUNDLE.*$/m)![0];
  const all = sections(answer).map((section) => (section.startsWith('m=video ') ? taken : section));
  return all.join('').replace(/^a=group:BUNDLE.*$/m, group);
}
