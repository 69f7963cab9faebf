import type { GraphTopology, LinkTopology } from '../../protocol/messages.ts';
import type { Moment } from './moment.ts';
import type { Lane } from './talk-picture.ts';

/** How loud a voice was at a look. */
export interface VoiceLevel {
  /** Milliseconds since 1970. */
  readonly t: number;
  /** Its loudest peak since the look before, in dBFS; null for none. */
  readonly db: number | null;
}

/** How loud a voice was at each look that is kept, five times a second, on the link that carries it; empty where none does. */
export function voiceLevels(
  moments: readonly Moment[],
  graph: number,
  voice: Pick<Lane, 'name' | 'agent'>,
): readonly VoiceLevel[] {
  const levels: VoiceLevel[] = [];
  let before: Moment['topology'] | undefined;
  let link = -1;
  for (const { topology, samples } of moments) {
    if (topology !== before) {
      const parts = topology.graphs.find((one) => one.graph === graph);
      link = parts === undefined ? -1 : linkOf(parts, voice);
      before = topology;
    }
    if (link < 0) continue;
    for (const { t, graphs } of samples)
      levels.push({ t, db: graphs.find((one) => one.graph === graph)?.links.level[link] ?? null });
  }
  return levels;
}

/** A person: what comes from the part of that name, or else what a detector hears. The agent: what goes to a device. */
function linkOf({ nodes, links }: GraphTopology, { name, agent }: Pick<Lane, 'name' | 'agent'>): number {
  const isSound = ({ format }: LinkTopology) => format?.startsWith('audio') === true;
  const takes = (one: LinkTopology, what: RegExp) =>
    isSound(one) && what.test(nodes.find(({ id }) => id === one.to)?.description ?? '');
  if (agent) return links.findIndex((one) => takes(one, /\[to(Microphone|CustomAudio|Speaker)/));
  const named = links.findIndex((one) => isSound(one) && one.from === name);
  return named >= 0 ? named : links.findIndex((one) => takes(one, /\[(vad|transcribe)\]/));
}
