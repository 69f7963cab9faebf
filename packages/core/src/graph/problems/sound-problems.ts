import type { Actor, ActorInput } from '../../runtime/actors/actor.ts';
import type { Finding } from './diagnostic.ts';

/** Cut peaks in one frame may be the music; in so many of those that were looked at they are a level. */
const CLIPPED_FRAMES = 2;
/** Silence is silence after so long, in milliseconds; and is over when nothing was looked at for as long. */
const SILENT_MS = 10_000;
/** What is as loud as this is sound that somebody means to hear: -30 dBFS. */
const LOUD = 1_036;

const NOTHING: readonly Finding[] = [];

/** What is wrong with the sound that a node gives, where what it gets is not: cut peaks, and nothing but zeros. */
export function soundProblems(actor: Actor, now: number, startedAt: number): readonly Finding[] {
  let cut: ActorInput | undefined;
  let silent: ActorInput | undefined;
  for (const { links } of actor.outputs)
    for (const { to } of links) {
      if (to.links.length !== 1) continue;
      if (to.sound.clippedFrames >= CLIPPED_FRAMES) cut ??= to;
      if (isSilent(to, now)) silent ??= to;
    }
  // Most are asked in vain, five times a second.
  if (cut === undefined && silent === undefined) return NOTHING;
  return [...clipping(actor, cut, startedAt), ...silence(actor, silent, now)];
}

function clipping(actor: Actor, port: ActorInput | undefined, startedAt: number): Finding[] {
  if (actor.said.length > 0) return [];
  if (port === undefined || actor.inputs.some(({ sound }) => sound.clippedFrames >= CLIPPED_FRAMES)) return [];
  const { clippedFrames, frames, clipped } = port.sound;
  return [
    {
      text: `\`${actor.id}\` gives clipped sound: peaks are cut at full scale in ${clippedFrames} of ${frames} frames that were looked at`,
      fix: actor.inputs.length === 0 ? 'turn it down where it is recorded' : 'lower its gain, or that of what it gets',
      node: actor.id,
      when: clipped.since(startedAt),
    },
  ];
}

/** Silence is media like any other: a source may bring it, and says itself when it knows more. */
function silence(actor: Actor, port: ActorInput | undefined, now: number): Finding[] {
  if (port === undefined || !actor.inputs.some(({ sound }) => sound.peak > LOUD)) return [];
  const seconds = Math.floor((now - port.sound.silentSince!) / 1_000);
  return [
    {
      text: `\`${actor.id}\` gives nothing but zeros, for ${seconds} s, though sound enters it`,
      fix: 'look at its gain, and whether it is muted',
      node: actor.id,
    },
  ];
}

function isSilent({ sound: { silentSince, lookedAt } }: ActorInput, now: number): boolean {
  return silentSince !== undefined && lookedAt - silentSince >= SILENT_MS && now - lookedAt < SILENT_MS;
}
