import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { GraphSample, LinkTopology } from '../../protocol/messages.ts';
import type { Recent } from '../figures/recent.ts';
import { writeCount, writeFormat, writeMany, writeMs, writeRate } from '../figures/written.ts';
import { type Box, placeOf } from './lay-out.ts';
import { Meter } from './meter.tsx';
import type { PickedPart } from './picked-part.ts';

export interface GraphLinkLabelProps {
  readonly link: LinkTopology;
  readonly index: number;
  readonly box: Box;
  readonly graph: number;
  readonly sample: GraphSample | undefined;
  readonly recent: Recent;
  readonly picked: boolean;
  readonly pick: (picked: PickedPart) => void;
  /** Shows what it carries. */
  readonly picture: ((link: string) => ComponentChildren) | undefined;
}

/** What stands on a link: format, how full it is, what was dropped lately, how loud it is. */
export function GraphLinkLabel(props: GraphLinkLabelProps) {
  const { link, index, box, graph, sample, recent, picked, pick, picture } = props;
  const dropped = recent.linkGrowth(graph, 'droppedFrames', index);
  const level = sample?.links.level[index] ?? null;
  const { share, queued } = fillOf(link, sample, index);
  const rate = writeRate(recent.linkRate(graph, 'frames', index));
  // Drawn anew only where something of it reads otherwise.
  return useMemo(
    () => (
      <button
        type="button"
        class={`link-label ${picked ? 'picked' : ''}`}
        data-link={link.id}
        aria-pressed={picked}
        title={link.id}
        style={placeOf(box)}
        onClick={() => pick({ kind: 'link', id: link.id })}
      >
        <span class="format">
          {link.port === 'in' ? '' : `${link.port}: `}
          {writeFormat(link.format)}
          {link.converter === undefined ? '' : ` ⇢ ${link.converter}`}
        </span>
        <span class="policy">{policyOf(link)}</span>
        {picture?.(link.id)}
        <span class="figures">
          <span>{rate}</span>
          {share > 0.01 ? <span>{queued}</span> : null}
          {dropped > 0 ? <span class="dropped">✕ {writeCount(dropped)}</span> : null}
        </span>
        <span class="bars" aria-hidden="true">
          <span class={`fill ${share >= 0.9 ? 'full' : ''}`}>
            <span style={{ width: `${100 * share}%` }} />
          </span>
          {level === null ? null : <Meter level={level} />}
        </span>
      </button>
    ),
    [link, box, picked, pick, picture, dropped, level, share, queued, rate],
  );
}

/** How full a link is, 0 to 1, of the bound that it is nearer to, and how much waits there. */
function fillOf(
  { capacity }: LinkTopology,
  sample: GraphSample | undefined,
  index: number,
): { readonly share: number; readonly queued: string } {
  const depth = sample?.links.depth[index] ?? 0;
  const depthMs = sample?.links.depthMs[index] ?? 0;
  const byFrames = capacity.frames === null ? 0 : depth / capacity.frames;
  const byMs = capacity.ms === null ? 0 : depthMs / capacity.ms;
  return {
    share: Math.min(Math.max(byFrames, byMs), 1),
    queued: depthMs > 0 ? writeMs(depthMs) : `${depth} queued`,
  };
}

/** What happens when it is full, and when that is: `drop-oldest, 200 ms`. */
function policyOf({ policy, capacity: { frames, ms } }: LinkTopology): string {
  const bounds = [...(frames === null ? [] : [writeMany(frames, 'frame')]), ...(ms === null ? [] : [writeMs(ms)])];
  return `${policy}, ${bounds.join(' or ')}`;
}
