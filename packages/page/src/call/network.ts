import type { NetworkQuality } from '../ui/call-view.ts';
import type { Peer } from './peer.ts';

/** How often it is measured, in milliseconds, and the loss from which it is poor, and bad: those of the Daily SDK. */
const EVERY_MS = 2_000;
const LOW = 0.2;
const VERY_LOW = 0.35;
/** How often the others' levels are told, and what is not worth telling, in dBFS. */
const LEVELS_MS = 250;
const QUIET_DBFS = -55;

interface Counts {
  readonly received: number;
  readonly lost: number;
}

export interface Level {
  readonly id: string;
  readonly dbfs: number;
}

/** Measures what arrives: the loss from each participant, and how loud they are. */
export class Network {
  readonly #peers: () => Iterable<Peer>;
  readonly #before = new Map<string, Counts>();
  readonly #qualities = new Map<string, NetworkQuality>();
  readonly #timers: readonly number[];

  constructor(peers: () => Iterable<Peer>, changed: () => void, levels: (levels: Level[]) => void) {
    this.#peers = peers;
    this.#timers = [
      window.setInterval(() => void this.#measure().then(changed), EVERY_MS),
      window.setInterval(() => {
        const loud = this.#loud();
        if (loud.length > 0) levels(loud);
      }, LEVELS_MS),
    ];
  }

  of(id: string): NetworkQuality {
    return this.#qualities.get(id) ?? 'good';
  }

  /** The worst of all. */
  get worst(): NetworkQuality {
    const all = [...this.#peers()].map(({ info }) => this.of(info.id));
    return all.includes('very-low') ? 'very-low' : all.includes('low') ? 'low' : 'good';
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #measure(): Promise<void> {
    for (const { info, connection } of this.#peers()) {
      if (connection === undefined) continue;
      const counts = await countsOf(connection);
      const before = this.#before.get(info.id) ?? { received: 0, lost: 0 };
      this.#before.set(info.id, counts);
      const lost = Math.max(0, counts.lost - before.lost);
      const all = counts.received - before.received + lost;
      // Somebody who sends nothing has no bad network.
      const share = all > 0 ? lost / all : 0;
      this.#qualities.set(info.id, share <= LOW ? 'good' : share <= VERY_LOW ? 'low' : 'very-low');
    }
  }

  #loud(): Level[] {
    const levels: Level[] = [];
    for (const peer of this.#peers()) {
      const { info, connection } = peer;
      // A receiver remembers the last level of a track that is off for ten seconds.
      const counted = info.tracks.filter(({ enabled, ignoreLevel }) => enabled && !ignoreLevel);
      const tracks = new Set(counted.map(({ name }) => peer.track(name)));
      const receivers = connection?.getReceivers().filter(({ track }) => tracks.has(track)) ?? [];
      // Linear, 1 being full scale (W3C WebRTC, RTCRtpContributingSource).
      const sources = receivers.flatMap((receiver) => receiver.getSynchronizationSources());
      const level = Math.max(0, ...sources.map(({ audioLevel = 0 }) => audioLevel));
      const dbfs = Math.max(-127, Math.min(0, 20 * Math.log10(level)));
      if (dbfs > QUIET_DBFS) levels.push({ id: info.id, dbfs: Math.round(dbfs * 10) / 10 });
    }
    return levels;
  }
}

async function countsOf(connection: RTCPeerConnection): Promise<Counts> {
  let [received, lost] = [0, 0];
  for (const one of (await connection.getStats()).values()) {
    if (one.type !== 'inbound-rtp') continue;
    received += one.packetsReceived ?? 0;
    lost += one.packetsLost ?? 0;
  }
  return { received, lost };
}
