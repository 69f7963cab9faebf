import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Layout } from './lay-out.ts';
import type { Viewport } from './viewport.ts';

const STEP = 60;

/** Lets a drawing be moved by pointer, wheel and keys, and shows it from its beginning when its layout is another. */
export function usePanZoom(
  viewport: Viewport,
  frame: RefObject<HTMLElement | null>,
  sheet: RefObject<HTMLElement | null>,
  layout: Layout,
): void {
  useEffect(() => {
    const { current } = frame;
    if (current === null || sheet.current === null) return;
    viewport.attach(current, sheet.current);
    viewport.begin(layout.size);
    const resized = new ResizeObserver(() => viewport.begin(layout.size));
    resized.observe(current);
    return () => resized.disconnect();
  }, [viewport, frame, sheet, layout]);

  useEffect(() => {
    const { current } = frame;
    if (current === null) return;
    let held: number | undefined;
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as HTMLElement).closest('button') !== null) return;
      held = event.pointerId;
      current.setPointerCapture(held);
    };
    const move = (event: PointerEvent) => {
      if (event.pointerId === held) viewport.pan(event.movementX, event.movementY);
    };
    const up = () => {
      held = undefined;
    };
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = current.getBoundingClientRect();
      viewport.zoom(Math.exp(-event.deltaY / 500), { x: event.clientX - left, y: event.clientY - top });
    };
    const key = (event: KeyboardEvent) => moveByKey(event, viewport, layout);
    current.addEventListener('pointerdown', down);
    current.addEventListener('pointermove', move);
    current.addEventListener('pointerup', up);
    current.addEventListener('wheel', wheel, { passive: false });
    current.addEventListener('keydown', key);
    return () => {
      current.removeEventListener('pointerdown', down);
      current.removeEventListener('pointermove', move);
      current.removeEventListener('pointerup', up);
      current.removeEventListener('wheel', wheel);
      current.removeEventListener('keydown', key);
    };
  }, [viewport, frame, layout]);
}

function moveByKey(event: KeyboardEvent, viewport: Viewport, layout: Layout): void {
  const moves: Readonly<Record<string, () => void>> = {
    '+': () => viewport.zoom(1.25),
    '=': () => viewport.zoom(1.25),
    '-': () => viewport.zoom(0.8),
    '0': () => viewport.fit(layout.size),
    A: () => viewport.pan(STEP, 0),
    D: () => viewport.pan(-STEP, 0),
    W: () => viewport.pan(0, STEP),
    S: () => viewport.pan(0, -STEP),
  };
  const name = event.shiftKey && /^[wasd]$/i.test(event.key) ? event.key.toUpperCase() : event.key;
  if (!Object.hasOwn(moves, name) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  moves[name]!();
}
