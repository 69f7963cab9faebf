import type { Box } from './lay-out.ts';

const LEAST_SCALE = 0.15;
/** What is smaller is not read: a drawing that is too large begins at its left and its top, and is moved. */
const READABLE_SCALE = 0.55;
const MOST_SCALE = 2;
const MARGIN = 16;

/** Which part of a drawing is seen, and how large. Moves an element by its transform, without drawing anything anew. */
export class Viewport {
  #frame: HTMLElement | undefined;
  #sheet: HTMLElement | undefined;
  #x = 0;
  #y = 0;
  #scale = 1;
  /** What has to stay in view when the drawing or the window is another. */
  #box: Box | undefined;

  attach(frame: HTMLElement, sheet: HTMLElement): void {
    this.#frame = frame;
    this.#sheet = sheet;
  }

  get scale(): number {
    return this.#scale;
  }

  /** Shows everything that can still be read, no larger than it is; of what is wider or higher its beginning. */
  begin({ width, height }: { readonly width: number; readonly height: number }): void {
    const { clientWidth = 0, clientHeight = 0 } = this.#frame ?? {};
    const most = (side: number) => side / READABLE_SCALE;
    this.fit({ width: Math.min(width, most(clientWidth)), height: Math.min(height, most(clientHeight)) });
    this.#x = Math.max((clientWidth - width * this.#scale) / 2, 0);
    this.#y = Math.max((clientHeight - height * this.#scale) / 2, 0);
    this.#apply();
    this.show(this.#box);
  }

  /** Shows everything, no larger than it is. */
  fit(size: { readonly width: number; readonly height: number }): void {
    const { clientWidth, clientHeight } = this.#frame ?? { clientWidth: 0, clientHeight: 0 };
    if (clientWidth === 0 || size.width === 0) return;
    const scale = Math.min(clientWidth / size.width, clientHeight / size.height, 1);
    this.#scale = Math.max(scale, LEAST_SCALE);
    this.#x = (clientWidth - size.width * this.#scale) / 2;
    this.#y = (clientHeight - size.height * this.#scale) / 2;
    this.#apply();
  }

  pan(dx: number, dy: number): void {
    this.#x += dx;
    this.#y += dy;
    this.#apply();
  }

  /** Makes it larger, or smaller, around a point of the frame; its middle by default. */
  zoom(factor: number, around?: { readonly x: number; readonly y: number }): void {
    const { clientWidth = 0, clientHeight = 0 } = this.#frame ?? {};
    const { x, y } = around ?? { x: clientWidth / 2, y: clientHeight / 2 };
    const scale = Math.min(Math.max(this.#scale * factor, LEAST_SCALE), MOST_SCALE);
    this.#x = x - ((x - this.#x) * scale) / this.#scale;
    this.#y = y - ((y - this.#y) * scale) / this.#scale;
    this.#scale = scale;
    this.#apply();
  }

  /** Moves no further than it takes to see a box, and keeps it in view from then on; undefined for none. */
  show(box: Box | undefined): void {
    this.#box = box;
    if (box === undefined) return;
    const { clientWidth = 0, clientHeight = 0 } = this.#frame ?? {};
    const left = this.#x + box.x * this.#scale;
    const top = this.#y + box.y * this.#scale;
    const right = left + box.width * this.#scale;
    const bottom = top + box.height * this.#scale;
    const dx = left < MARGIN ? MARGIN - left : Math.min(clientWidth - MARGIN - right, 0);
    const dy = top < MARGIN ? MARGIN - top : Math.min(clientHeight - MARGIN - bottom, 0);
    if (dx !== 0 || dy !== 0) this.pan(dx, dy);
  }

  #apply(): void {
    if (this.#sheet !== undefined)
      this.#sheet.style.transform = `translate(${this.#x}px, ${this.#y}px) scale(${this.#scale})`;
  }
}
