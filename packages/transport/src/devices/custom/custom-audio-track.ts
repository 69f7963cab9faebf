import { randomUUID } from 'node:crypto';
import { invalidArgument } from '@sluice/core';
import { currentDevices } from '../registry.ts';
import { CustomAudioSource } from './custom-audio-source.ts';

/** A track that plays a custom source. Give it to `CallClient.addCustomAudioTrack`, or its `id` to inputs. */
export class CustomAudioTrack {
  /** `customTrack.id` in inputs. */
  readonly id: string;
  readonly source: CustomAudioSource;

  constructor(source: CustomAudioSource) {
    if (!(source instanceof CustomAudioSource)) throw invalidArgument('source', 'a CustomAudioSource', source);
    this.id = randomUUID();
    this.source = source;
    currentDevices().addTrack(this.id, source);
  }
}
