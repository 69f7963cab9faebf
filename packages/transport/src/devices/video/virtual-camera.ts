import { PictureDevice } from './picture-device.ts';
import type { PictureLineOptions } from './picture-line.ts';

/**
 * A camera that code draws for. Choose it as input of any number of clients by its name, before or after they join.
 * Made by `Daily.createCameraDevice`, ended by `Daily.destroyDevice`.
 */
export class VirtualCameraDevice extends PictureDevice {
  readonly name: string;

  constructor(options: PictureLineOptions) {
    super(options);
    this.name = options.name;
  }

  /** Whether a client sends this camera. */
  get active(): boolean {
    return this.line.active;
  }
}
