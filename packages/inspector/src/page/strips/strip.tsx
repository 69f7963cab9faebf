// A number over time, drawn small. Whose number it is, others know.

import type { Series } from '../figures/series.ts';

/** Width and height of a drawing, in its own units: it is stretched to where it stands. */
export const STRIP_WIDTH = 1_000;
const HEIGHT = 100;

export interface StripProps {
  readonly series: Series;
  /** Where each moment stands, 0 to STRIP_WIDTH. */
  readonly xs: readonly number[];
  /** Which moment is told beside it. */
  readonly index: number;
}

/** A number over time: name, curve (pale between its least and its most), what it was at a moment and what it was at most. */
export function Strip({ series, xs, index }: StripProps) {
  const { name, values, least, write } = series;
  const value = values[index] ?? null;
  const known = values.filter((one) => one !== null);
  return (
    <div class={`strip of-${name.toLowerCase().replaceAll(' ', '-')}`}>
      <span class="quiet">{name}</span>
      <svg viewBox={`0 0 ${STRIP_WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {least === undefined ? null : <path class="area at-most" d={areaOf(series, values, xs)} />}
        <path class="area" d={areaOf(series, least ?? values, xs)} />
      </svg>
      <span class="value">
        <strong>{value === null ? '–' : write(value)}</strong>
        <span class="quiet">{known.length === 0 ? '' : ` of ${write(Math.max(...known))}`}</span>
      </span>
    </div>
  );
}

/** A stair for each stretch in which there is a number. */
function areaOf({ bottom, top }: Series, values: Series['values'], xs: readonly number[]): string {
  let path = '';
  let open = false;
  for (const [index, value] of values.entries()) {
    const x = xs[index]!;
    const from = xs[index - 1] ?? x;
    if (value === null) {
      if (open) path += `L${from} ${HEIGHT}Z`;
      open = false;
      continue;
    }
    const share = Math.min(Math.max((value - bottom) / (top - bottom), 0), 1);
    if (!open) path += `M${from} ${HEIGHT}`;
    path += `V${(HEIGHT * (1 - 0.94 * share)).toFixed(1)}H${x.toFixed(1)}`;
    open = true;
  }
  return open ? `${path}V${HEIGHT}Z` : path;
}
