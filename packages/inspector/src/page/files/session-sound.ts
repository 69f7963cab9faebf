import type { MediaPacket } from '../../protocol/media-packet.ts';
import type { GraphTopology } from '../../protocol/messages.ts';

/** A stretch of sound that crossed the border of a session, with when it did, in milliseconds of the clock outside. */
interface Crossed {
  readonly at: number;
  readonly packet: MediaPacket;
}

/** Where sound comes into a graph, or leaves it: an end of the program, by the name of the node that it was made of. */
interface End {
  readonly kind: 'source' | 'sink';
  readonly made: string;
  readonly crossed: Crossed[];
}

/** What a record of a session's ends says, as far as it is of sound. */
interface EndRecord {
  readonly at?: number;
  readonly end?: string;
  readonly what?: string;
  readonly answer?: { readonly name?: string };
  readonly value?: AudioValue;
}

/** A frame in JSON. Its samples are the bytes of the record, unless only their hash was kept. */
interface AudioValue {
  readonly $?: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly timestamp: number;
  readonly epoch?: number;
  readonly gap?: { readonly duration: number };
  readonly bytes: number;
  readonly hash?: string;
}

/**
 * The sound of a session's file: what came from its sources and went to its sinks. So it is that of the links behind the ones
 * and before the others; what passed between them is in no file.
 */
export class SessionSound {
  readonly #ends = new Map<string, End>();
  #at = 0;

  /** Takes a record of what came in or went out. */
  take(record: EndRecord, bytes: Uint8Array): void {
    const { at = this.#at, end, what, answer, value } = record;
    this.#at = at;
    if (end === undefined) return;
    if ((what === 'source' || what === 'sink') && typeof answer?.name === 'string')
      this.#ends.set(end, { kind: what, made: answer.name, crossed: [] });
    else if (what === 'frame' && value?.$ === 'audio' && value.hash === undefined)
      this.#ends.get(end)?.crossed.push({ at, packet: packetOf(value, bytes) });
  }

  /** By link of a graph as it was seen. `zero` is when that clock began, in milliseconds since 1970. */
  ofLinks(graph: readonly GraphTopology[], zero: number): LinkSounds {
    const links = new Map<string, readonly Crossed[]>();
    for (const { kind, made, crossed } of this.#ends.values()) {
      if (crossed.length === 0) continue;
      // Ends of one kind are nodes in the order in which they were made.
      const same = [...this.#ends.values()].filter((other) => other.kind === kind && other.made === made);
      const place = same.findIndex((other) => other.crossed === crossed);
      const node = nodesOf(graph, kind, made)[place];
      for (const { links: all } of graph)
        for (const { id, from, to } of all) if ((kind === 'source' ? from : to) === node) links.set(id, crossed);
    }
    return new LinkSounds(links, zero);
  }
}

/** Sound of links, by when it passed. */
export class LinkSounds {
  readonly #links: ReadonlyMap<string, readonly Crossed[]>;
  readonly #zero: number;

  constructor(links: ReadonlyMap<string, readonly Crossed[]>, zero: number) {
    this.#links = links;
    this.#zero = zero;
  }

  has(link: string): boolean {
    return this.#links.has(link);
  }

  /** What passed a link in the time before a moment, oldest first; until its end where none is given. */
  before(link: string, moment: number | undefined, ms: number): readonly MediaPacket[] {
    const all = this.#links.get(link) ?? [];
    const until = moment === undefined ? (all.at(-1)?.at ?? 0) : moment - this.#zero;
    return all.filter(({ at }) => at <= until && at > until - ms).map(({ packet }) => packet);
  }
}

function nodesOf(graph: readonly GraphTopology[], kind: End['kind'], made: string): readonly string[] {
  const named = graph.flatMap(({ nodes }) =>
    nodes.filter((node) => node.kind === kind && node.description.endsWith(`[${made}]`)).map(({ id }) => id),
  );
  return [...new Set(named)];
}

/** The samples are copied: those of a file stand where it happens, and need not be even. */
function packetOf({ sampleRate, channels, timestamp, epoch = 0, gap }: AudioValue, bytes: Uint8Array): MediaPacket {
  const payload = bytes.slice();
  return { kind: 'sound', scope: 0, channels, rate: sampleRate, timestamp, epoch, gap: gap?.duration ?? 0, payload };
}
