import type { MediaFormat } from '../media/media-format.ts';
import type { Actor, ActorInput, ActorLink } from './actors/actor.ts';
import { blame } from './actors/blame.ts';
import { StreamActor } from './actors/stream-actor.ts';
import { adaptLink, formatsOut } from './negotiate.ts';
import { sinksFirst } from './topology.ts';

/**
 * What the start would refuse, on paper: formats are settled as far as they are known before files and devices are opened, and
 * neither actors nor links are told. Behind a fault nothing is known.
 */
export function formatFaults(actors: readonly Actor[], links: readonly ActorLink[]): readonly Error[] {
  const faults: Error[] = [];
  const arriving = new Map<ActorInput, MediaFormat>();
  const attempt = (actor: Actor, work: () => void) => {
    try {
      work();
    } catch (error) {
      faults.push(blame(actor, error));
    }
  };
  const order = sinksFirst(actors, (port) => links.filter(({ from }) => from === port)).reverse();
  for (const actor of order)
    attempt(actor, () => {
      const known = actor instanceof StreamActor ? actor.spec?.format : undefined;
      for (const [port, format] of formatsOut(actor, (input) => arriving.get(input), known))
        for (const link of format === undefined ? [] : links.filter(({ from }) => from === port))
          attempt(link.to.actor, () => {
            const converter = adaptLink(link, format!);
            if (!arriving.has(link.to)) arriving.set(link.to, converter?.output ?? format!);
            converter?.close();
          });
    });
  return faults;
}
