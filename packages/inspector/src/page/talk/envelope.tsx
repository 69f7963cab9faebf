import type { VoiceLevel } from '../figures/voice-levels.ts';

/** Silence is what is as quiet as this, in dBFS: nothing is drawn of it. */
const SILENCE_DB = -60;
/** A look further from the last one than this is behind a gap, in milliseconds. */
const APART_MS = 1_500;
const WIDTH = 1_000;
const HEIGHT = 100;

export interface EnvelopeProps {
  readonly levels: readonly VoiceLevel[];
  /** What the width shows, in milliseconds since 1970. */
  readonly from: number;
  readonly span: number;
}

/** How loud a voice was, as the outline of its wave. */
export function Envelope({ levels, from, span }: EnvelopeProps) {
  const path = outlineOf(levels, from, span);
  if (path === '') return null;
  return (
    <svg class="envelope" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

/** Of each look a block as long as the time since the one before. */
export function outlineOf(levels: readonly VoiceLevel[], from: number, span: number): string {
  const x = (t: number) => ((WIDTH * (t - from)) / span).toFixed(1);
  return levels
    .map(({ t, db }, index) => {
      const before = levels[index - 1]?.t ?? t;
      const since = t - before > APART_MS ? t : before;
      if (db === null || db <= SILENCE_DB || t <= from || since >= from + span || since === t) return '';
      const half = ((HEIGHT / 2) * Math.min(1, 1 - db / SILENCE_DB)).toFixed(1);
      return `M${x(since)} ${HEIGHT / 2}v-${half}H${x(t)}v${half}v${half}H${x(since)}z`;
    })
    .join('');
}
