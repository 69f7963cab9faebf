// Background music on a custom track: the file starts again without a gap, until somebody stops it.
import { type Graph, graph } from '@sluice/core';
import { fromWavFile } from '@sluice/nodes';
import { CallClient, CustomAudioSource, CustomAudioTrack, Daily, toCustomAudio } from '@sluice/transport';
import { asset, openRoom } from '../room.ts';

class AudioStreamer {
  readonly #graph: Graph = graph('streamer');

  constructor(source: CustomAudioSource, path: string) {
    this.#graph.from(fromWavFile(path, { loop: true })).to(toCustomAudio(source));
  }

  start(): Promise<void> {
    return this.#graph.start();
  }

  /** Plays what it has read and ends. */
  stop(): Promise<void> {
    return this.#graph.stop();
  }
}

await using room = await openRoom();
Daily.init();
const client = new CallClient();
await client.join(room.url, {
  clientSettings: {
    publishing: { customAudio: { 'background-music': { isPublishing: true, sendSettings: 'music' } } },
  },
});
await room.company(client);

const source = new CustomAudioSource(48_000, 2);
await client.addCustomAudioTrack('background-music', new CustomAudioTrack(source));
const streamer = new AudioStreamer(source, room.file(asset('music.wav')));
await streamer.start();
await room.stopped;
await streamer.stop();

await client.leave();
await Daily.deinit();
