import { useEffect, useRef, useState } from 'preact/hooks';
import type { LinkTopology } from '../../protocol/messages.ts';
import { writeMs, writeShare } from '../figures/written.ts';
import { alignSounds } from './align-sounds.ts';
import { LinkScope, type LinkScopeProps } from './link-scope.tsx';
import type { Scope } from './use-scope.ts';

export interface ScopesProps extends Pick<LinkScopeProps, 'ask' | 'graph' | 'media' | 'live' | 'paused'> {
  readonly links: readonly LinkTopology[];
  readonly kept: readonly string[];
  readonly keep: (link: string) => void;
  readonly close: (link: string) => void;
}

/** By how much the sound of a link comes later than that of the first, in milliseconds. */
type Offsets = ReadonlyMap<string, number>;

/** What links sound like, one below the other; and, of several, how they lie to each other. */
export function Scopes({ links, kept, keep, close, ...shared }: ScopesProps) {
  const scopes = useRef(new Map<string, Scope>()).current;
  const [offsets, setOffsets] = useState<Offsets>();
  const [told, tell] = useState('');
  const shown = links.map(({ id }) => id).join();
  useEffect(() => {
    setOffsets(undefined);
    tell('');
  }, [shown]);
  const align = () => {
    if (offsets !== undefined) return setOffsets(undefined);
    const [first, ...others] = links.map(({ id }) => id);
    const found = others.map((id) => [id, alignSounds(scopes.get(first!)!.kept, scopes.get(id)!.kept)] as const);
    tell(
      found
        .map(([id, offset]) => (offset === undefined ? `${id}: ${UNLIKE}` : `${id}: ${offsetTold(offset)}`))
        .join(' · '),
    );
    const at = found.flatMap(([id, offset]) => (offset === undefined ? [] : [[id, offset.ms] as const]));
    if (at.length > 0) setOffsets(new Map([[first!, 0], ...at]));
  };
  return (
    <div class="scopes">
      {links.length < 2 ? null : (
        <p class="compare">
          <button type="button" aria-pressed={offsets !== undefined} onClick={align}>
            Align
          </button>
          <span role="status">{told === '' ? `with ${links[0]!.id}, by their sound` : told}</span>
        </p>
      )}
      {links.map((link) => (
        <LinkScope
          key={link.id}
          {...shared}
          link={link}
          kept={kept.includes(link.id)}
          keep={() => keep(link.id)}
          close={() => close(link.id)}
          known={(scope) => scopes.set(link.id, scope)}
          until={() => endOf(link.id, offsets, scopes)}
        />
      ))}
    </div>
  );
}

const UNLIKE = 'sounds otherwise';

function offsetTold({ ms, likeness }: NonNullable<ReturnType<typeof alignSounds>>): string {
  const told = ms === 0 ? 'at the same time' : `${writeMs(Math.abs(ms))} ${ms > 0 ? 'later' : 'earlier'}`;
  return `${told}, ${writeShare(likeness)} alike`;
}

/** The media time up to which a link is drawn so that all that are aligned end with the same sound; undefined for all of it. */
function endOf(link: string, offsets: Offsets | undefined, scopes: ReadonlyMap<string, Scope>): number | undefined {
  const own = offsets?.get(link);
  if (offsets === undefined || own === undefined) return undefined;
  const ends = [...offsets].map(
    ([id, ms]) => (scopes.get(id)?.track.columns.at(-1)?.timestamp ?? Infinity) - 1_000 * ms,
  );
  return Math.min(...ends) + 1_000 * own;
}
