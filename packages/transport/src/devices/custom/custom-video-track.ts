import { randomUUID } from 'node:crypto';
import { invalidArgument } from '@sluice/core';
import { currentDevices } from '../registry.ts';
import { CustomVideoSource } from './custom-video-source.ts';

/**
 * A track that shows a custom source. Give it to `CallClient.addCustomVideoTrack`, or its `id` to the inputs `camera` and
 * `screenVideo`.
 */
export class CustomVideoTrack {
  /** `customTrack.id` in inputs. */
  readonly id: string;
  readonly source: CustomVideoSource;

  constructor(source: CustomVideoSource) {
    if (!(source instanceof CustomVideoSource)) throw invalidArgument('source', 'a CustomVideoSource', source);
    this.id = randomUUID();
    this.source = source;
    currentDevices().addVideoTrack(this.id, source);
  }
}
