import type { Page } from 'playwright-core';

/** What a page does with an endpoint, by `fetch` and `RTCPeerConnection` alone. */
export class WhipPage {
  readonly #page: Page;

  static async open(page: Page): Promise<WhipPage> {
    await page.evaluate(inPage);
    return new WhipPage(page);
  }

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Publishes a tone. The offer goes out at once; candidates follow by PATCH. */
  publish(url: string, token: string, frequency: number): Promise<void> {
    return this.#page.evaluate(`whip.publish(${JSON.stringify({ url, token, frequency })})`);
  }

  /** Plays the sound that is given out. */
  play(url: string, token: string): Promise<void> {
    return this.#page.evaluate(`whip.play(${JSON.stringify({ url, token })})`);
  }

  /** The last third of a second that is played, signed 16-bit samples of 48 kHz. */
  async hear(): Promise<Int16Array> {
    return Int16Array.from(await this.#page.evaluate<number[]>('whip.hear()'));
  }

  /** Restarts ICE of what is played; resolves with the status of the answer. */
  restart(): Promise<number> {
    return this.#page.evaluate('whip.restart()');
  }

  /** By which ICE what is played comes just now, and whether that is the newest. */
  path(): Promise<{ readonly isNew: boolean; readonly state: string }> {
    return this.#page.evaluate('whip.path()');
  }

  /** Ends both sessions; resolves with the statuses of the answers. */
  end(): Promise<number[]> {
    return this.#page.evaluate('whip.end()');
  }
}

/** Runs in the page, as text: nothing of this file is there. */
const inPage = `globalThis.whip = (() => {
  const audio = new AudioContext({ sampleRate: 48000 });
  const analyser = new AnalyserNode(audio, { fftSize: 16384 });
  const sessions = [];
  const line = (sdp, name) => sdp.match(new RegExp('^a=' + name + ':.*$', 'm'))[0].trim();
  const fragment = (sdp, candidates) => [line(sdp, 'ice-ufrag'), line(sdp, 'ice-pwd'), sdp.match(/^m=.*$/m)[0].trim(), line(sdp, 'mid')]
    .concat(candidates.map((candidate) => 'a=' + candidate), '').join('\\r\\n');
  const open = async ({ url, token }, peer) => {
    const session = { peer, late: [], told: undefined };
    peer.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) session.late.push(candidate.candidate);
      else if (!candidate) session.told?.();
    };
    await peer.setLocalDescription();
    const headers = { 'content-type': 'application/sdp', authorization: 'Bearer ' + token };
    const body = peer.localDescription.sdp.replace(/^a=candidate.*\\r\\n/gm, '');
    const reply = await fetch(url, { method: 'POST', headers, body });
    if (reply.status !== 201) throw new Error('the offer is answered ' + reply.status);
    session.url = new URL(reply.headers.get('location'), url);
    const tag = reply.headers.get('etag');
    session.patch = (tag, body) => fetch(session.url, {
      method: 'PATCH', body, headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': tag },
    });
    session.answer = await reply.text();
    if (peer.iceGatheringState !== 'complete') await new Promise((resolve) => (session.told = resolve));
    // Before our answer is taken: what connects, connects by these.
    const told = await session.patch(tag, fragment(peer.localDescription.sdp, session.late));
    if (told.status !== 204) throw new Error('candidates are answered ' + told.status);
    await peer.setRemoteDescription({ type: 'answer', sdp: session.answer });
    sessions.push(session);
  };
  return {
    publish: async ({ url, token, frequency }) => {
      const peer = new RTCPeerConnection();
      const [tone, out] = [new OscillatorNode(audio, { frequency }), new MediaStreamAudioDestinationNode(audio, { channelCount: 1 })];
      tone.connect(new GainNode(audio, { gain: 0.4 })).connect(out);
      tone.start();
      peer.addTransceiver(out.stream.getAudioTracks()[0], { direction: 'sendonly', streams: [out.stream] });
      await open({ url, token }, peer);
    },
    play: async ({ url, token }) => {
      const peer = new RTCPeerConnection();
      peer.addTransceiver('audio', { direction: 'recvonly' });
      peer.ontrack = ({ track }) => {
        const stream = new MediaStream([track]);
        // Only what an element plays flows on.
        Object.assign(globalThis.player = new Audio(), { srcObject: stream, muted: true }).play();
        audio.createMediaStreamSource(stream).connect(analyser);
      };
      await open({ url, token }, peer);
    },
    hear: () => {
      const samples = new Float32Array(16384);
      analyser.getFloatTimeDomainData(samples);
      return Array.from(samples, (sample) => Math.round(sample * 32767));
    },
    restart: async () => {
      const session = sessions.at(-1);
      const { peer } = session;
      session.late.length = 0;
      const gathered = new Promise((resolve) => (session.told = resolve));
      await peer.setLocalDescription(await peer.createOffer({ iceRestart: true }));
      await gathered;
      const reply = await session.patch('*', fragment(peer.localDescription.sdp, session.late));
      const ours = await reply.text();
      const candidates = ours.match(/^a=candidate:.*$/gm).join('\\n');
      let sdp = session.answer.replace(/^a=(candidate|end-of-candidates).*\\r\\n/gm, '');
      for (const name of ['ice-ufrag', 'ice-pwd']) sdp = sdp.replace(new RegExp('^a=' + name + ':.*$', 'gm'), line(ours, name));
      await peer.setRemoteDescription({ type: 'answer', sdp });
      for (const candidate of candidates.split('\\n'))
        await peer.addIceCandidate({ candidate: candidate.trim().slice(2), sdpMid: line(ours, 'mid').slice(6) });
      return reply.status;
    },
    path: async () => {
      const { peer } = sessions.at(-1);
      const stats = await peer.getStats();
      const all = [...stats.values()];
      const transport = all.find(({ type }) => type === 'transport');
      const pair = stats.get(transport.selectedCandidatePairId);
      const used = stats.get(pair?.localCandidateId)?.usernameFragment;
      return { isNew: used === line(peer.localDescription.sdp, 'ice-ufrag').slice(12), state: peer.connectionState };
    },
    end: () => Promise.all(sessions.map(async ({ peer, url }) => {
      peer.close();
      return (await fetch(url, { method: 'DELETE' })).status;
    })),
  };
})()`;
