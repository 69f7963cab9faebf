import type { Sink, VideoFrame } from '@sluice/core';
import type { VirtualCameraDevice } from '../devices/video/virtual-camera.ts';
import { type PictureSummary, pictureSink } from './picture-sink.ts';

/**
 * Shows a stream of pictures in a virtual camera. They have the camera's size and any colour format, which the camera
 * converts, so that `colorFormat` does not matter here. What is read as fast as it is taken, a file for example, is shown
 * in its own time: the first picture at once, each further one when its timestamp says so, and the source is held back
 * meanwhile. One that is more than 200 ms late, or whose time goes back, begins the schedule anew. What comes in its
 * own time, because a live source stands before it, is shown when it comes; in a sync group the group says when. Pictures
 * made before an interruption are dropped; the last one stays in the camera. Adds no latency, or up to one picture if the
 * camera has a `frameRate`.
 *
 * @example
 * ```ts
 * const camera = Daily.createCameraDevice('camera', { width: 1280, height: 720 });
 * const bot = graph('bot');
 * bot.from(fromImage('card.png', { width: 1280, height: 720, frameRate: 30 })).to(toCamera(camera));
 * await bot.run();
 * ```
 *
 * @throws `SLUICE_LINK_FORMAT`, as its stream's end, for a picture of another size.
 */
export function toCamera(camera: VirtualCameraDevice): Sink<VideoFrame, PictureSummary> {
  return pictureSink('toCamera', camera);
}
