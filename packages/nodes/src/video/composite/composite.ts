import { checkKeys, defineNode, type VideoFrame, videoPort } from '@sluice/core';
import { JoinNode } from '../../flow/join-node.ts';
import { type CompositeInput, checkCompositeInput } from './composite-input.ts';
import { type CompositeOptions, compositeKeys, compositeSettings } from './composite-settings.ts';
import { Compositor } from './compositor.ts';
import { compositorControls } from './compositor-controls.ts';

const compositeNode = defineNode({
  name: 'composite',
  inputs: {},
  outputs: { out: videoPort() },
  dynamicInputs: videoPort(),
  controls: compositorControls,
  live: ({ timing }: CompositeOptions) => timing !== 'inputs',
  produces: (_inputs, { width, height, format = 'I420' }) => ({ out: { kind: 'video', width, height, format } }),
  checkInput: (name, options) => checkCompositeInput(`composite input ${name}`, options),
  create: (options, context) => {
    const wall = new Compositor(options);
    const node = new JoinNode<VideoFrame, CompositeInput>(wall, context);
    return {
      accepts: node.accepts,
      onPortAdded: node.onPortAdded,
      onPortRemoved: node.onPortRemoved,
      onFrame: (port: string, frame: VideoFrame) => {
        const input = node.input(port);
        if (input.statistics.received === 0) input.keepsTime ||= !context.isPaced(port);
        node.onFrame(port, frame);
      },
      onEnd: node.onEnd,
      onStop: () => wall.end(),
      onDrain: () => (options.timing === 'inputs' ? node.onDrain() : node.drained),
    };
  },
});

/**
 * Several pictures become one, at a steady frame rate: a node of a graph with an input port for each, named by
 * `node.input('ada', options)`. Ports may be added and taken away while the graph runs.
 *
 * Inputs may have any format, size and rate, and change them; each is scaled once per picture, to its cell. The newest
 * picture of each is shown and repeated while it is silent, for `staleMs` at most. An input that has ended, is stale or
 * has no picture yet has no cell; where nothing is, there is the background. With an `opacity`, and where pixels of an input
 * are transparent, pictures are composited (Porter-Duff over), whatever the format of the result. A transparent picture in
 * I420 or RGB is prepared once, for some 30 ns a pixel: a still logo costs nothing after that. Two modes say who sets the pace:
 *
 * - `timing: 'clock'` (default), for anything live: a picture leaves on an absolute schedule from the start to the end of
 *   the graph, whether there are inputs or not. What comes in its own time is shown at once; of a file, which does not,
 *   each picture is shown when its timestamp says so, counted from its first. Latency: up to one frame.
 * - `timing: 'inputs'`, for rendering files: a picture leaves when it is known what each input shows then, as fast as the
 *   receiver takes them. Each input begins with its first picture. It ends with the last input. Latency: none.
 *
 * Timestamps are exact from the count of frames, from 0. Kept are, of each input, its newest picture, that as it is drawn,
 * and of a file the next one. An interruption drops them. Messages: `{ type: 'set-layout', layout }` and
 * `{ type: 'set-place', input, x?, y?, width?, height?, z?, opacity?, visible?, fit? }`.
 *
 * @example
 * ```ts
 * const grid = bot.add(composite({ width: 960, height: 540, frameRate: 25, layout: 'grid' }));
 * grid.out.out.to(toCamera(device));
 * await bot.change((edit) => edit.from(fromParticipantVideo(client, id)).to(grid.input(id)));
 * ```
 * @throws TypeError, RangeError at once, here and in `input`, for options of the wrong kind or range
 * @see overlay
 */
export function composite(options: CompositeOptions): ReturnType<typeof compositeNode> {
  checkKeys<CompositeOptions>('composite', options, compositeKeys);
  compositeSettings(options);
  return compositeNode(options);
}
