import { type Clock, SluiceError } from '@sluice/core';
import { TokenBucket, trackKind } from '@sluice/protocol';
import type { TransportErrorCode } from '../../errors.ts';
import type { ReceivedVideoStats } from '../../host/media-host.ts';

/** Pixels that may be decoded for nobody: at once ten seconds of 1280 x 720 at 30 a second, in the long run a tenth of that. */
const PIXELS = { burst: 10 * 30 * 1280 * 720, perSecond: 3 * 1280 * 720 } as const;
/** A picture costs something, however small it is. */
const LEAST_PIXELS = 128 * 128;

/**
 * Counts what a far side sends of pictures that were never wanted. The engine decodes them, whatever was answered; nothing but a
 * section that is refused keeps it from that.
 */
export class UnaskedPictures {
  readonly #budget: TokenBucket;
  /** What was wanted once: a wish for no more of it may be on its way for as long as a socket is cut. */
  readonly #asked = new Set<string>();
  /** Pictures of the connection that is there, by media id. */
  readonly #decoded = new Map<string, number>();

  constructor(clock: Clock) {
    this.#budget = new TokenBucket({ clock, ...PIXELS });
  }

  ask(name: string): void {
    if (trackKind(name) === 'video') this.#asked.add(name);
  }

  /** The connection is a new one. */
  begin(): void {
    this.#decoded.clear();
  }

  /** Counts what was decoded since the last call. Returns whether it is more than is put up with. */
  tooMany(tracks: readonly ReceivedVideoStats[]): boolean {
    for (const { mid, name, framesDecoded, pixels } of byMid(tracks)) {
      const before = this.#decoded.get(mid) ?? 0;
      // A source that follows another one is counted from its own beginning.
      const frames = framesDecoded < before ? framesDecoded : framesDecoded - before;
      this.#decoded.set(mid, framesDecoded);
      if (!this.#asked.has(name)) this.#budget.take(frames * Math.max(LEAST_PIXELS, pixels));
    }
    return this.#budget.left < 0;
  }
}

/** Sources of one section are counted together: the engine tells of each that it has heard. */
function byMid(tracks: readonly ReceivedVideoStats[]): Iterable<ReceivedVideoStats> {
  const sections = new Map<string, ReceivedVideoStats>();
  for (const track of tracks) {
    const { mid, framesDecoded, pixels } = sections.get(track.mid) ?? { ...track, framesDecoded: 0, pixels: 0 };
    sections.set(mid, {
      ...track,
      framesDecoded: framesDecoded + track.framesDecoded,
      pixels: Math.max(pixels, track.pixels),
    });
  }
  return sections.values();
}

/** What is told of one who sent too many. */
export function picturesRefused(participantId: string): SluiceError {
  return new SluiceError(
    'SLUICE_ROOM_PROTOCOL' satisfies TransportErrorCode,
    `${participantId} sends pictures that nobody here asked for: none are exchanged with it any more`,
    {
      expected: 'pictures of tracks that are subscribed to',
      received: 'more than ten seconds of others, counted at 1280 x 720 and 30 a second',
      fix: 'Subscribe to what is to be seen of it; if you did, its client does not hold to what is wanted',
    },
  );
}
