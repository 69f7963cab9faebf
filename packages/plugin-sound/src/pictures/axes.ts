import type { Canvas, PlotArea, Rgb } from './canvas.ts';

/** Lines of ticks across a plot. */
const grid: Rgb = [58, 62, 74];
/** Steps of time that people read, in seconds. */
const timeSteps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
const longSteps = [900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];
/** The least distance between two labels, in pixels. */
const LABEL = 80;

/** Ticks and labels of time below a plot that shows so many seconds. */
export function drawTime(canvas: Canvas, area: PlotArea, seconds: number): void {
  if (seconds === 0) return;
  const steps = [...timeSteps, ...longSteps];
  const step = steps.find((one) => (one / seconds) * area.width >= LABEL) ?? Math.ceil(seconds / 86_400) * 86_400;
  const below = area.top + area.height;
  for (let tick = 0; tick * step <= seconds; tick++) {
    const x = area.left + Math.min(area.width - 1, Math.round((tick * step * area.width) / seconds));
    canvas.fill({ left: x, top: below, width: 1, height: 4 }, grid);
    canvas.labels.push({ x, y: below + 16, text: timeText(tick * step, step), anchor: 'middle' });
  }
}

/** A tick with a label to the left of a plot, and a line across it. */
export function drawTick(canvas: Canvas, area: PlotArea, y: number, text: string): void {
  canvas.fill({ left: area.left - 4, top: y, width: 4, height: 1 }, grid);
  canvas.labels.push({ x: area.left - 7, y: y + 4, text, anchor: 'end' });
}

/** A line across a plot where nothing was painted. */
export function drawLine(canvas: Canvas, area: PlotArea, y: number): void {
  canvas.fill({ left: area.left, top: y, width: area.width, height: 1 }, grid);
}

function timeText(seconds: number, step: number): string {
  if (step < 1) return `${seconds.toFixed(step < 0.01 ? 3 : step < 0.1 ? 2 : 1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => `${value}`.padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
