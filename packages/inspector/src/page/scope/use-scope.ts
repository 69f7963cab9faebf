import { useEffect, useRef, useState } from 'preact/hooks';
import type { MediaPacket } from '../../protocol/media-packet.ts';
import type { ScopeKind } from '../../protocol/requests.ts';
import { KeptSound } from './kept-sound.ts';
import { playOnce } from './play-once.ts';
import { Player } from './player.ts';
import { Track } from './track.ts';

/** Asks for the packets of a link; resolves with what ends it. */
export type AskScope = (
  graph: number,
  link: string,
  kinds: readonly ScopeKind[],
  take: (packet: MediaPacket) => void,
) => Promise<() => void>;

export interface Scope {
  readonly track: Track;
  readonly kept: KeptSound;
  /** Why nothing comes. */
  readonly refused: string | undefined;
  readonly listening: boolean;
  setListening(listening: boolean): void;
  /** The picture that came last. */
  readonly picture: { current: MediaPacket | undefined };
}

export interface ScopeOptions {
  readonly graph: number;
  readonly link: string;
  readonly media: boolean;
  /** What comes is heard as it comes; else what has come is, once. */
  readonly live: boolean;
  readonly paused: boolean;
}

/** Looks at a link while it is shown; hears it while `listening`. Stands still while `paused`. */
export function useScope(ask: AskScope, { graph, link, media, live, paused }: ScopeOptions): Scope {
  const [track, setTrack] = useState(() => new Track());
  const [refused, setRefused] = useState<string>();
  const [listening, setListening] = useState(false);
  const kept = useRef(new KeptSound());
  const picture = useRef<MediaPacket | undefined>(undefined);
  const player = useRef<Player | undefined>(undefined);
  const stands = useRef(paused);
  stands.current = paused;

  useEffect(() => {
    const fresh = new Track();
    setTrack(fresh);
    setRefused(undefined);
    setListening(false);
    kept.current = new KeptSound();
    picture.current = undefined;
    const take = (packet: MediaPacket) => {
      if (packet.kind === 'sound') player.current?.take(packet);
      if (stands.current) return;
      if (packet.kind === 'picture') picture.current = packet;
      else fresh.take(packet);
      if (packet.kind === 'sound') kept.current.take(packet);
    };
    let over = false;
    let close = () => {};
    ask(graph, link, media ? ['sound', 'picture'] : ['peaks'], take)
      .then((end) => {
        if (over) end();
        else close = end;
      })
      .catch((error: Error) => {
        if (!over) setRefused(error.message);
      });
    return () => {
      over = true;
      close();
    };
  }, [ask, graph, link, media]);

  useEffect(() => {
    if (!listening) return;
    if (!live) return playOnce(kept.current, () => setListening(false));
    const own = new Player();
    player.current = own;
    return () => {
      player.current = undefined;
      own.close();
    };
  }, [listening, live]);

  return { track, kept: kept.current, refused, listening, setListening, picture };
}
