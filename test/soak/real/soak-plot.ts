/** One line of a plot, over minutes. */
export interface PlotLine {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly (readonly [minute: number, value: number])[];
}

const WIDTH = 900;
const HEIGHT = 120;
const LEFT = 90;

/** Lines below each other as an SVG, each from 0, or its lowest value below that, to its highest. `marks`: minutes at which something happened. */
export function soakPlot(lines: readonly PlotLine[], marks: readonly number[], minutes: number): string {
  const x = (minute: number) => (LEFT + (minute / minutes) * (WIDTH - LEFT - 10)).toFixed(1);
  const panels = lines.map(({ title, unit, points }, index) => {
    const top = index * (HEIGHT + 30) + 20;
    // What was not measured yet is no number.
    const known = points.filter(([, value]) => Number.isFinite(value));
    const values = known.map(([, value]) => value);
    const [least, most] = [Math.min(0, ...values), Math.max(1e-9, ...values)];
    const y = (value: number) => (top + HEIGHT - ((value - least) / (most - least)) * HEIGHT).toFixed(1);
    const path = known.map(([minute, value]) => `${x(minute)},${y(value)}`).join(' ');
    const ticks = marks.map((at) => `<line x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${top + HEIGHT}"/>`).join('');
    return `<g stroke="#ddd">${ticks}</g>
<text x="4" y="${top - 5}">${title} (${unit})</text><text x="4" y="${top + 10}">${most.toFixed(1)}</text>
<polyline fill="none" stroke="#069" points="${path}"/>
<line x1="${LEFT}" x2="${WIDTH - 10}" y1="${top + HEIGHT}" y2="${top + HEIGHT}" stroke="#000"/>`;
  });
  const height = lines.length * (HEIGHT + 30) + 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">
${panels.join('\n')}
<text x="${LEFT}" y="${height - 6}">0 to ${minutes} minutes; grey: faults of the plan</text>
</svg>
`;
}
