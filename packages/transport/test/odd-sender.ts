import { setTimeout as sleep } from 'node:timers/promises';
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, type RtpPacket } from 'werift';
import type { HostConnection, MediaHost } from '../src/host/media-host.ts';
import { tone } from './linked-connections.ts';
import { until } from './until.ts';

/** Samples of a packet, at 48 kHz: 20 ms. */
const PACKET = 960;
const PACKET_MS = 20;
const VOICE_PACKETS = 50;
const format = { sampleRate: 48_000, channels: 1 } as const;

/**
 * A far side that makes its RTP packets itself, as no engine would, and sends them through the DTLS and SRTP of an implementation of its
 * own. What is in them is real: Opus that our engine has made of a tone.
 */
export class OddSender {
  readonly #pc: RTCPeerConnection;
  readonly #transport: RTCPeerConnection['dtlsTransports'][number];
  readonly #payloadType: number;
  /** A second of the tone, in packets. */
  readonly voice: readonly Buffer[];
  /** What the next packet says; `speak` counts them on. */
  sequence = 65_500;
  timestamp = 0xffff_0000;
  readonly ssrc: number;

  private constructor(pc: RTCPeerConnection, voice: readonly Buffer[]) {
    const [transceiver] = pc.getTransceivers();
    this.#pc = pc;
    this.#transport = transceiver!.dtlsTransport;
    this.#payloadType = transceiver!.sender.codec!.payloadType;
    this.ssrc = transceiver!.sender.ssrc;
    this.voice = voice;
  }

  /** Connects to a new connection of `host`, which hears it as `odd`. */
  static async connect(host: MediaHost, hz: number): Promise<{ sender: OddSender; connection: HostConnection }> {
    const opus = new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2 });
    const pc = new RTCPeerConnection({
      codecs: { audio: [opus], video: [] },
      iceAdditionalHostAddresses: ['127.0.0.1'],
      iceUseIpv6: false,
      iceServers: [],
    });
    const packets: RtpPacket[] = [];
    pc.addTransceiver(new MediaStreamTrack({ kind: 'audio' }), { direction: 'sendrecv' });
    pc.ontrack = ({ track }) => void track.onReceiveRtp.subscribe((packet) => packets.push(packet));
    const connection = host.createConnection({ candidates: 'loopback' });
    const source = host.createAudioSource({ ...format, autoSilence: false, cushionMs: 0 });
    connection.addTrack('model', source);
    connection.on('candidate', (candidate) => void pc.addIceCandidate(candidate as never).catch(() => {}));
    await pc.setLocalDescription(await pc.createOffer());
    const { sdp } = pc.localDescription!;
    await connection.setRemoteDescription({ type: 'offer', sdp, tracks: [{ name: 'odd', mid: '0' }] });
    await pc.setRemoteDescription({ type: 'answer', sdp: (await connection.createAnswer()).sdp });
    await until(() => pc.connectionState === 'connected');
    // The encoder finds its feet first.
    source.write(tone({ hz, ...format, ms: (VOICE_PACKETS + 20) * PACKET_MS }));
    await until(() => packets.length >= VOICE_PACKETS + 10);
    connection.removeTrack('model');
    return {
      sender: new OddSender(
        pc,
        packets.slice(10, 10 + VOICE_PACKETS).map(({ payload }) => payload),
      ),
      connection,
    };
  }

  /** One packet, with what the header is to say in place of what is right. */
  async send(payload: Buffer, header: Partial<RtpHeader> = {}): Promise<void> {
    const { ssrc } = this;
    const [sequenceNumber, timestamp] = [this.sequence & 0xffff, this.timestamp >>> 0];
    const said = { version: 2, payloadType: this.#payloadType, ssrc, sequenceNumber, timestamp, ...header };
    await this.#transport.sendRtp(payload, new RtpHeader(said));
  }

  /** The next packets of the tone, in their time: one that is late is followed at once by the next. */
  async speak(packets: number, header: Partial<RtpHeader> = {}): Promise<void> {
    const begun = performance.now();
    for (let at = 1; at <= packets; at++) {
      this.next();
      await this.send(this.voice[(this.sequence >>> 0) % VOICE_PACKETS]!, header);
      await sleep(Math.max(0, begun + at * PACKET_MS - performance.now()));
    }
  }

  /** Counts on as a packet of 20 ms does. */
  next(samples = PACKET): void {
    this.sequence++;
    this.timestamp += samples;
  }

  /** The next packet says that so much passed between it and the one before. */
  jump({ samples = 0, packets = 0 }: { readonly samples?: number; readonly packets?: number }): void {
    this.timestamp += samples;
    this.sequence += packets;
  }

  /** A packet of RTCP, as bytes. */
  async report(bytes: Buffer): Promise<void> {
    await this.#transport.sendRtcp([{ serialize: () => bytes } as never]);
  }

  async close(): Promise<void> {
    await this.#pc.close();
  }
}
