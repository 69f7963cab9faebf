// Texts, images and drawings laid over pictures. Decoding of files is in formats.

import { checkKeys, createOperator, invalidArgument, type VideoFrame, withCredit } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { checkBoolean, checkFunction, checkNumber } from '../../options/check-option.ts';
import type { RasterSize } from '../picture/raster.ts';
import { checkContent, type OverlayContent } from './content.ts';
import { MOST_HELD, OverlayPainter, type OverlayState } from './overlay-painter.ts';
import { checkPlace, type OverlayPlace, overlayPlaceKeys } from './place.ts';

/** A content, nothing, or what to show at each media time in seconds. */
export type OverlaySource = OverlayContent | null | ((mediaSeconds: number) => OverlayContent | null);

/** What {@link overlay} lays over pictures, and where. */
export interface OverlayOptions extends OverlayPlace {
  /** The name that messages use. Default: messages without a name are meant for it. */
  readonly id?: string | undefined;
  /** Pixels of the content as it is laid over; with one of the two the other follows. Default: its own size. */
  readonly width?: number | undefined;
  /** Pixels, as `width`. */
  readonly height?: number | undefined;
  /** Distance from an edge that `x` or `y` names, in pixels. Default 0. */
  readonly margin?: number | undefined;
  /** Moves it: called for each frame with its media time in seconds. What it leaves out stays as it is. */
  readonly at?: ((mediaSeconds: number) => OverlayPlace | undefined) | undefined;
  /** Whether frames wait for each new content, as for rendering files, not only for the first. Default false. */
  readonly exact?: boolean | undefined;
}

/** A running overlay: the operator itself, and its handles. */
export interface OverlayOperator extends OperatorFunction<VideoFrame, VideoFrame> {
  /** Shows something else as soon as it is drawn. */
  setContent(content: OverlaySource): void;
  /** Shows another text, in the style of the last one. */
  setText(text: string): void;
  /** Moves it, from the next frame on; what is left out stays as it is. */
  setPlace(place: OverlayPlace): void;
}

const id = { type: 'string', description: 'Which of several overlays of a chain it is.' };
const controls = {
  'set-text': {
    description: 'Lays another text over the pictures.',
    schema: { type: 'object', properties: { text: { type: 'string' }, id }, required: ['text'] },
  },
  'set-place': {
    description: 'Moves it, shows it more or less, or not at all; what is not given stays.',
    schema: {
      type: 'object',
      properties: {
        x: { type: ['number', 'string'], description: 'Pixels from the left, or an edge.' },
        y: { type: ['number', 'string'], description: 'Pixels from the top, or an edge.' },
        opacity: { type: 'number', minimum: 0, maximum: 1 },
        visible: { type: 'boolean' },
        id,
      },
    },
  },
  'set-overlay': { description: 'Lays something else over the pictures: `content` as in the options.' },
};

/**
 * Lays an image, an SVG, a text or the pixels of a frame over each picture.
 *
 * `x` and `y` are pixels from the top left (default 0, 0) or an edge. Images, SVGs and texts are drawn once, by libvips
 * on its own threads; a frame then costs what the covered rectangle costs. Frames of any format are drawn on in that
 * format, in place if nobody else sees their bytes, else on a copy. Where they have an alpha, what is laid over
 * them is composited (Porter-Duff over), so that a transparent picture becomes a layer; formats without count as opaque.
 * In I420, colours
 * have half the resolution of the picture, as always.
 *
 * Frames wait for the first content, so that none leaves without it; the source is held back if it can be, of another
 * the oldest goes on as it is when more than 8 wait. Later contents are shown from the first frame after they are drawn,
 * the former until then, and frames do not wait, unless `exact` says so. A first content that cannot be drawn is the
 * stream's error; a later one is reported, and the former stays. An interruption drops what waits. Timestamps, gaps,
 * epochs and changes of format and size pass. Adds no latency.
 *
 * A text has the height of its line, whatever its letters, so that changing text stands still. It needs a font on the
 * machine: without any, a box is drawn for each letter.
 *
 * In a graph, messages: `{ type: 'set-overlay', content }`, `{ type: 'set-text', text }`,
 * `{ type: 'set-place', x?, y?, opacity?, visible? }`, each with `id` if several overlays are in one chain.
 *
 * @example
 * ```ts
 * const name = overlay({ text: 'Ada', background: '#0008' }, { x: 'left', y: 'bottom', margin: 16 });
 * const logo = overlay({ image: 'logo.png' }, { width: 120, at: (t) => ({ x: 16 + 8 * Math.sin(t), y: 16 }) });
 * const clock = overlay((t) => ({ text: `${Math.floor(t)} s` }), { x: 'right' });
 * camera.pipe(name, logo, clock).subscribe(toCamera(device));
 * name.setText('Ada Lovelace');
 * ```
 * @param content what is shown, or a function of the media time in seconds that says it for each frame
 * @throws TypeError, RangeError at once, here and in the handles, for values of the wrong kind or range
 */
export function overlay(content: OverlaySource, options: OverlayOptions = {}): OverlayOperator {
  checkKeys<OverlayOptions>('overlay', options, {
    ...overlayPlaceKeys,
    id: true,
    width: true,
    height: true,
    margin: true,
    at: true,
    exact: true,
  });
  checkOptions(options);
  let state: OverlayState = { content: checkSource('overlay.content', content), place: options };
  let style = isText(content) ? content : undefined;
  const running = new Set<OverlayPainter>();

  const setContent = (next: OverlaySource): void => {
    state = { ...state, content: checkSource('setContent.content', next) };
    if (isText(next)) style = next;
    for (const painter of running) painter.changed();
  };
  const setText = (text: string): void => setContent({ ...style, text });
  const setPlace = (next: OverlayPlace): void => {
    checkKeys<OverlayPlace>('setPlace', next, overlayPlaceKeys);
    checkPlace('setPlace', next);
    const { place } = state;
    const { x = place.x, y = place.y, opacity = place.opacity, visible = place.visible } = next;
    state = { ...state, place: { x, y, opacity, visible } };
  };

  const spec = { name: 'overlay', maxHeld: MOST_HELD, controls };
  const operator = createOperator<VideoFrame, VideoFrame>(spec, (destination, context) => {
    const settings = { size: options, margin: options.margin ?? 0, at: options.at, exact: options.exact ?? false };
    const painter = new OverlayPainter(destination, context, settings, () => state);
    const stopControl = context.onControl((message) => {
      if (message.id !== undefined && message.id !== options.id) return false;
      if (message.type === 'set-overlay') setContent(message.content as OverlaySource);
      else if (message.type === 'set-text') setText(message.text as string);
      else if (message.type === 'set-place') {
        const { type: _, id: __, ...place } = message;
        setPlace(place as OverlayPlace);
      } else return false;
      return true;
    });
    running.add(painter);
    painter.changed();
    return {
      next: (frame) => painter.take(frame),
      complete: () => painter.end(),
      teardown() {
        running.delete(painter);
        stopControl();
        painter.close();
      },
    };
  });
  return Object.assign(withCredit(MOST_HELD, operator), { setContent, setText, setPlace });
}

function isText(content: OverlaySource): content is Extract<OverlayContent, { readonly text: string }> {
  return typeof content === 'object' && content !== null && 'text' in content;
}

function checkSource(name: string, content: OverlaySource): OverlayState['content'] {
  if (content === null || typeof content === 'function') return content;
  return checkContent(name, content);
}

function checkOptions(options: OverlayOptions): void {
  const { id, margin, at, exact } = options;
  checkPlace('overlay', options);
  checkSize('overlay', options);
  if (id !== undefined && typeof id !== 'string') throw invalidArgument('overlay.id', 'a string', id);
  if (margin !== undefined) checkNumber('overlay.margin', margin, { min: -16_384, max: 16_384, unit: 'pixels' });
  if (at !== undefined) checkFunction('overlay.at', at);
  if (exact !== undefined) checkBoolean('overlay.exact', exact);
}

function checkSize(name: string, { width, height }: RasterSize): void {
  const rule = { min: 1, max: 16_384, unit: 'pixels', integer: true } as const;
  if (width !== undefined) checkNumber(`${name}.width`, width, rule);
  if (height !== undefined) checkNumber(`${name}.height`, height, rule);
}
