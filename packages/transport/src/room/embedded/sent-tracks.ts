import type { PeerWishes } from '@sluice/protocol';
import type { LocalTrack } from '../driver.ts';
import type { SentTrack } from '../session/sent-track.ts';

/** What a peer is sent of our tracks: what it wants, as it wants it, of what it may have. */
export function sentTracks(
  offered: ReadonlyMap<string, LocalTrack>,
  wishes: PeerWishes,
  mayHave: (name: string) => boolean,
): Map<string, SentTrack> {
  const sent = new Map<string, SentTrack>();
  for (const [name, track] of offered) {
    if (!mayHave(name)) continue;
    if (wishes.has(name)) sent.set(name, asWanted(name, track, wishes));
    else if (wishes.stages(name)) sent.set(name, { ...asWanted(name, track, wishes), staged: true });
  }
  return sent;
}

function asWanted(name: string, track: LocalTrack, wishes: PeerWishes): SentTrack {
  if (track.kind === 'audio') return track;
  const { kind, source, layers } = track;
  return { kind, source, settings: layers[wishes.qualityOf(name)] };
}
