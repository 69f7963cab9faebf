import type { Cancel } from '@sluice/core';
import { withoutCandidates } from '@sluice/protocol';
import type {
  HostConnection,
  HostIceCandidate,
  HostSessionDescription,
  IceSettings,
  MediaHost,
  TrackDescription,
} from '../../../host/media-host.ts';
import type { CandidateFilter } from '../../media-path.ts';
import type { JanusHandle, Jsep, PluginEvent } from '../wire/janus-handle.ts';

export interface MediaLinkOptions {
  readonly media: MediaHost;
  readonly handle: JanusHandle;
  readonly candidates: 'all';
  readonly ice: IceSettings;
  readonly candidateFilter: () => CandidateFilter | undefined;
  /** Whom the filter is told that candidates are of and for: the server stands for everybody. */
  readonly participantId: string;
}

/** One peer connection with the server, and its descriptions and candidates on their way. */
export class MediaLink {
  readonly connection: HostConnection;
  readonly #options: MediaLinkOptions;
  readonly #cancel: Cancel;
  /** Candidates of a description that was not said yet. */
  #held: HostIceCandidate[] | undefined;

  constructor(options: MediaLinkOptions) {
    const { media, candidates, ice } = options;
    this.#options = options;
    this.connection = media.createConnection({ candidates, ...ice });
    this.#cancel = this.connection.on('candidate', (candidate) => {
      if (this.#held === undefined) this.#say(candidate);
      else this.#held.push(candidate);
    });
  }

  /** Makes a description, has it said, and says after it what candidates came meanwhile. */
  async describe(
    make: () => Promise<HostSessionDescription>,
    say: (jsep: Jsep, tracks: readonly TrackDescription[]) => Promise<PluginEvent>,
  ): Promise<PluginEvent> {
    this.#held = [];
    try {
      const { type, sdp, tracks } = await make();
      return await say({ type, sdp: withoutCandidates(sdp) }, tracks);
    } finally {
      const held = this.#held;
      this.#held = undefined;
      for (const candidate of held) this.#say(candidate);
    }
  }

  /** Takes the server's description in, whose candidates pass the filter one by one. */
  async take({ type, sdp }: Jsep, tracks: readonly TrackDescription[]): Promise<void> {
    const described = type === 'offer' ? sendingStereo(sdp) : sdp;
    await this.connection.setRemoteDescription({ type, sdp: withoutCandidates(described), tracks });
    for (const candidate of candidatesOf(sdp)) {
      const taken = this.#filtered(candidate, 'incoming');
      if (taken !== null) await this.connection.addIceCandidate(taken);
    }
  }

  close(): void {
    this.#cancel();
    this.connection.close();
  }

  #say(candidate: HostIceCandidate): void {
    const said = this.#filtered(candidate, 'outgoing');
    if (said !== null) this.#options.handle.trickle(said);
  }

  #filtered(candidate: HostIceCandidate, direction: 'incoming' | 'outgoing'): HostIceCandidate | null {
    const { candidateFilter, participantId } = this.#options;
    const filter = candidateFilter();
    return filter === undefined ? candidate : filter({ candidate, direction, participantId });
  }
}

/** Of what it sends in stereo a Janus says only that it would take it so. */
function sendingStereo(sdp: string): string {
  return sdp.replace(/^a=fmtp:(?!.*sprop-stereo).*[ ;]stereo=1/gm, '$&;sprop-stereo=1');
}

/** All m-lines share one transport, so that those of the first are those of all. The engine refuses an index of null. */
function candidatesOf(sdp: string): HostIceCandidate[] {
  const sections = sdp.split(/^(?=m=)/m).slice(1);
  const sdpMLineIndex = sections.findIndex((part) => /^a=candidate:/m.test(part));
  const section = sections[sdpMLineIndex] ?? '';
  const sdpMid = /^a=mid:(\S+)/m.exec(section)?.[1] ?? null;
  return [...section.matchAll(/^a=(candidate:[^\r\n]{1,512})/gm)].map(([, candidate]) => ({
    candidate: candidate!,
    sdpMid,
    sdpMLineIndex,
  }));
}
