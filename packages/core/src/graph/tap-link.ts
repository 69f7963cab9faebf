import { toError } from '../errors.ts';
import type { Frame } from '../media/frame.ts';
import type { ActorLink } from '../runtime/actors/actor.ts';
import type { Cancel } from '../time/clock.ts';

const looks = new WeakMap<ActorLink, Set<(frame: Frame) => void>>();

/** Lets somebody more look at a link. Who throws is taken off: looking never breaks what is looked at. */
export function tapLink(link: ActorLink, look: (frame: Frame) => void): Cancel {
  const all = looks.get(link) ?? new Set();
  looks.set(link, all);
  // The same function may look twice, and each is taken off by itself.
  const one = (frame: Frame) => look(frame);
  all.add(one);
  link.tap = (frame) => showTo(all, frame, off);
  function off(gone: (frame: Frame) => void): void {
    all.delete(gone);
    if (all.size === 0) link.tap = undefined;
  }
  return () => off(one);
}

function showTo(all: ReadonlySet<(frame: Frame) => void>, frame: Frame, off: (gone: (frame: Frame) => void) => void) {
  for (const look of all) {
    try {
      look(frame);
    } catch (error) {
      off(look);
      process.emitWarning(toError(error));
    }
  }
}
