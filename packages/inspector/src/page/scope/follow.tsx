import { useEffect, useState } from 'preact/hooks';
import type { FollowedHop, GraphTopology } from '../../protocol/messages.ts';
import { writeMs } from '../figures/written.ts';

export interface FollowProps {
  readonly topology: GraphTopology;
  readonly link: string;
  /** Follows the next frame of a link. */
  readonly follow: (link: string) => Promise<readonly FollowedHop[]>;
}

/** Follows one frame from a link on: where it came, and how long each node took for it. */
export function Follow({ topology, link, follow }: FollowProps) {
  const [told, setTold] = useState<string>();
  const [hops, setHops] = useState<readonly FollowedHop[]>([]);
  useEffect(() => {
    setHops([]);
    setTold(undefined);
  }, [link]);
  const start = () => {
    setTold('Waiting for a frame …');
    follow(link).then(
      (found) => {
        setHops(found);
        setTold(found.length === 0 ? 'No frame came within two seconds.' : undefined);
      },
      (error: Error) => setTold(error.message),
    );
  };
  const whole = Math.max(0.01, ...hops.map(({ afterMs }) => afterMs));
  return (
    <section class="follow" aria-label="Follow a frame">
      <button type="button" onClick={start}>
        Follow a frame from here
      </button>
      <p role="status">{told}</p>
      {hops.length === 0 ? null : (
        <ol>
          {hops.map((hop) => {
            const { from = '', to = '' } = topology.links.find(({ id }) => id === hop.link) ?? {};
            // It came to `from` by another link: what lies between is that node, and the queue behind it.
            const before = hops.find((one) => topology.links.find(({ id }) => id === one.link)?.to === from);
            const since = before?.afterMs ?? 0;
            return (
              <li key={hop.link}>
                <span>
                  <bdi>{from}</bdi> → <bdi>{to}</bdi>
                </span>
                <span class="hop" aria-hidden="true">
                  <span
                    style={{
                      marginLeft: `${(100 * since) / whole}%`,
                      width: `${(100 * Math.max(hop.afterMs - since, 0)) / whole}%`,
                    }}
                  />
                </span>
                <span class="took">
                  {hop.link === link
                    ? 'starts'
                    : `${writeMs(Math.max(hop.afterMs - since, 0))}, at ${writeMs(hop.afterMs)}`}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
