import type { Cancel, Clock } from '@sluice/core';
import { iceUser, TokenBucket, withoutCandidates } from '@sluice/protocol';
import type { HostConnection, HostIceCandidate, TrackDescription } from '../../host/media-host.ts';
import { candidateAllowed } from '../../room/protocol/candidate-policy.ts';
import { Gathering } from '../gathering.ts';
import { type IceFragment, restarted } from '../ice-fragment.ts';
import { candidatesOf, trickleFragment, withCandidates } from '../sdp-sections.ts';

/** The most candidates of the far side between two restarts. */
const MOST_CANDIDATES = 64;
/** A browser may tell each candidate by itself, twice a second lasts for what comes later, and a restart is worth eight. */
const PATCHES = { burst: 40, perSecond: 2 };
const RESTART = 8;

export interface IceExchangeOptions {
  readonly connection: HostConnection;
  readonly clock: Clock;
  /** Addresses of this machine are passed on. */
  readonly loopback: boolean;
}

/** What is said to a PATCH: taken, of another ICE than the one now, too many, or a restart with what is ours now. */
export type PatchReply =
  | { readonly status: 204 | 412 | 429 }
  | { readonly status: 200; readonly etag: string; readonly fragment: string };

/** ICE of one session (RFC 9725, 4.3): the answer to the offer, candidates that come later, and restarts, one after the other. */
export class IceExchange {
  readonly #options: IceExchangeOptions;
  readonly #patches: TokenBucket;
  #steps: Promise<unknown> = Promise.resolve();
  #stop: Cancel = () => {};
  #offer = '';
  #tracks: TrackDescription[] = [];
  #generation = 0;
  #told = 0;

  constructor(options: IceExchangeOptions) {
    this.#options = options;
    this.#patches = new TokenBucket({ ...PATCHES, clock: options.clock });
  }

  /** Names the ICE of now: a restart makes another one. */
  get etag(): string {
    return `"${this.#generation}"`;
  }

  /** The answer, with all candidates. */
  async answer(offer: string, tracks: TrackDescription[]): Promise<string> {
    this.#tracks = tracks;
    const { sdp, candidates } = await this.#negotiate(withoutCandidates(offer), candidatesOf(offer));
    return withCandidates(sdp, candidates, true);
  }

  /**
   * Takes candidates, or restarts ICE where the name and password are others. A restart that the engine refuses throws, and
   * leaves what is.
   *
   * @param tag Of `If-Match`: an entity tag, or `*` for whatever is now.
   */
  patch(tag: string, fragment: IceFragment): Promise<PatchReply> {
    const step = this.#steps.then(() => this.#take(tag, fragment));
    this.#steps = step.catch(() => {});
    return step;
  }

  close(): void {
    this.#stop();
  }

  async #take(tag: string, fragment: IceFragment): Promise<PatchReply> {
    if (tag !== '*' && tag !== this.etag) return { status: 412 };
    const restarts = fragment.user !== iceUser(this.#offer);
    const price = restarts ? RESTART : 1;
    if (this.#patches.left < price) return { status: 429 };
    this.#patches.take(price);
    if (!restarts) {
      await this.#add(fragment.candidates);
      return { status: 204 };
    }
    const { sdp, candidates } = await this.#negotiate(restarted(this.#offer, fragment), fragment.candidates);
    const ours = `${trickleFragment(sdp, candidates)}a=end-of-candidates\r\n`;
    return { status: 200, etag: this.etag, fragment: ours };
  }

  async #negotiate(offer: string, theirs: readonly HostIceCandidate[]) {
    const { connection, clock } = this.#options;
    const gathering = new Gathering(connection, clock);
    this.#stop = () => gathering.close();
    try {
      await connection.setRemoteDescription({ type: 'offer', sdp: offer, tracks: this.#tracks });
      this.#offer = offer;
      this.#told = 0;
      this.#generation++;
      await this.#add(theirs);
      const { sdp } = await connection.createAnswer();
      return { sdp, candidates: await gathering.settled() };
    } finally {
      gathering.close();
    }
  }

  /** One that the engine cannot use is left out, as RFC 9725 wants it. */
  async #add(candidates: readonly HostIceCandidate[]): Promise<void> {
    const { connection, loopback } = this.#options;
    for (const candidate of candidates) {
      if (this.#told >= MOST_CANDIDATES || !candidateAllowed(candidate.candidate, loopback)) continue;
      this.#told++;
      await connection.addIceCandidate(candidate).catch(() => {});
    }
  }
}
