import { createId, createSecret, limits, PROTOCOL } from '@sluice/protocol';
import { type BareClient, bareClient } from './bare-client.ts';

/**
 * What an attacker asks of each victim: fresh ends of its connection, restarts, or long offers that are restarts as well.
 * `visits`: it asks for a few of those, leaves, and comes in as somebody else.
 */
export const attacks = ['links', 'restarts', 'offers', 'visits'] as const;
export type Attack = (typeof attacks)[number];

/** So many messages a second keep every limit of a participant. */
const PER_SECOND = 95;
const EVERY_MS = 10;
const ASKS_OF_A_VISIT = 9;
/** Who is refused tries again after this time. */
const AGAIN_MS = 20;

export interface HostileOptions {
  readonly url: string;
  /** Address that it comes from. */
  readonly localAddress: string;
  readonly victims: readonly string[];
  readonly attack: Attack;
  /** Asks no more of one victim than the server passes on. Otherwise it is refused, and tries to come in as another. */
  readonly patient: boolean;
}

/** A participant that keeps every limit of its messages, and asks others for new connections all the time. */
export class HostileParticipant {
  /** Why it was turned away, each time. */
  readonly refusals: string[] = [];
  readonly #options: HostileOptions;
  #client: BareClient | undefined;
  /** Of each victim, its end of the connection, and the name under which ICE runs on it. */
  #links: string[] = [];
  #names: string[] = [];
  #said = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: HostileOptions) {
    this.#options = options;
    void this.#enter();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#client?.ws.terminate();
  }

  async #enter(): Promise<void> {
    const { url, localAddress } = this.#options;
    const client = bareClient(url, { localAddress });
    this.#client = client;
    await client.status;
    const tracks = [{ name: 'microphone', enabled: true, continuous: true, ignoreLevel: false }];
    client.say({ type: 'join', protocol: PROTOCOL, identity: createSecret(), userName: 'Mallory', tracks });
    this.#begin(client);
    await client.closed;
    clearInterval(this.#timer);
    if (this.#stopped) return;
    const refusal = client.messages.find(({ type }) => type === 'refused');
    if (refusal !== undefined) this.refusals.push(String(refusal.code));
    setTimeout(() => void this.#enter(), AGAIN_MS);
  }

  #begin(client: BareClient): void {
    this.#links = [];
    this.#names = [];
    this.#said = 0;
    const start = performance.now();
    let count = 0;
    this.#timer = setInterval(() => {
      if (!client.messages.some(({ type }) => type === 'welcome')) return;
      const isVisit = this.#options.attack === 'visits';
      const due = isVisit ? ASKS_OF_A_VISIT : ((performance.now() - start) * PER_SECOND) / 1_000;
      for (; count < due; count++) this.#ask(client);
      if (isVisit) client.say({ type: 'leave' });
    }, EVERY_MS);
  }

  #ask(client: BareClient): void {
    const { victims, attack, patient } = this.#options;
    const index = this.#said++ % victims.length;
    const round = Math.floor(this.#said / victims.length);
    const second = Math.ceil(PER_SECOND / victims.length) + 1;
    // A patient one asks for something new of a victim once a second, and changes its wishes between.
    const isNew = !patient || round % second === 0;
    if (attack === 'links' && isNew) this.#links[index] = createId();
    const isOffers = attack === 'offers' || attack === 'visits';
    if (isOffers && isNew) this.#names[index] = createId().slice(0, 8);
    this.#links[index] ??= createId();
    const link = { from: this.#links[index] };
    const say = (body: object) => client.say({ type: 'relay', to: victims[index], body: { link, ...body } });
    if (attack === 'restarts' && isNew && round > 1) say({ kind: 'restart' });
    else if (isOffers && (isNew || round % second === second >> 1)) {
      const sdp = longOffer(limits.mediaSections, this.#names[index] ?? 'mallory1');
      say({ kind: 'description', exchange: round, description: { type: 'offer', sdp, tracks: [] } });
    } else say({ kind: 'subscribe', tracks: round % 2 === 0 ? ['customAudio.probe'] : [] });
  }
}

/** An offer as an engine takes it. */
function longOffer(sections: number, name: string): string {
  const mids = Array.from({ length: sections }, (_, mid) => mid);
  const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join('');
  const section = (mid: number) =>
    lines(
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 0.0.0.0',
      `a=ice-ufrag:${name}`,
      `a=ice-pwd:${name.repeat(4)}`,
      `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
      'a=setup:actpass',
      `a=mid:${mid}`,
      'a=sendrecv',
      'a=rtcp-mux',
      'a=rtpmap:111 opus/48000/2',
    );
  const head = lines('v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${mids.join(' ')}`);
  return head + mids.map(section).join('');
}
