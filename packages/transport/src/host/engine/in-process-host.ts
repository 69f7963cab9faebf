// The WebRTC engine in this process: connections, sources, received tracks. The native module is named in wrtc.ts
// only; nothing of child.

import { type Clock, realClock } from '@sluice/core';
import { DeadlinePacer } from '../deadline-pacer.ts';
import { hostClosed } from '../host-errors.ts';
import { checkAudioSourceOptions } from '../host-options.ts';
import type { HostAudioSource, HostConnection, HostStats, HostVideoSource, MediaHost } from '../media-host.ts';
import { EngineAudioSource } from './audio-source.ts';
import { EngineConnection } from './connection.ts';
import { offerLibyuvOf } from './offer-libyuv.ts';

import type { Engine } from './remote-tracks.ts';
import { EngineVideoSource } from './video-source.ts';
import { loadWrtc } from './wrtc.ts';

export interface InProcessHostOptions {
  /** Default: the real clock. */
  readonly clock?: Clock;
  /** Received pictures are in memory of `videoFramePool`; else each is in new memory. Default true. */
  readonly reusePictures?: boolean;
}

/** The engine in this process: no copy and no hop, but a blocked event loop stops the sound. */
export function createInProcessHost(options: InProcessHostOptions = {}): MediaHost {
  const clock = options.clock ?? realClock;
  const wrtc = loadWrtc();
  const engine: Engine = { wrtc, clock, reusePictures: options.reusePictures ?? true };
  const takeBackLibyuv = offerLibyuvOf(wrtc);
  const sources = new Map<number, EngineAudioSource>();
  const videoSources = new Map<number, EngineVideoSource>();
  const connections = new Map<number, EngineConnection>();
  let lastId = 0;
  let closed = false;

  const pacer = new DeadlinePacer(clock, () => {
    for (const source of sources.values()) source.report();
  });
  const checkOpen = () => {
    if (closed) throw hostClosed('the media host');
  };

  return {
    mode: 'in-process',
    pid: process.pid,
    createAudioSource(sourceOptions): HostAudioSource {
      checkOpen();
      checkAudioSourceOptions(sourceOptions);
      const id = ++lastId;
      const source = new EngineAudioSource(id, sourceOptions, wrtc, pacer, () => sources.delete(id));
      sources.set(id, source);
      return source;
    },
    createVideoSource(sourceOptions): HostVideoSource {
      checkOpen();
      const id = ++lastId;
      const source = new EngineVideoSource(id, sourceOptions, wrtc, clock, () => videoSources.delete(id));
      videoSources.set(id, source);
      return source;
    },
    createConnection(connectionOptions): HostConnection {
      checkOpen();
      const id = ++lastId;
      const connection = new EngineConnection(id, connectionOptions, engine, () => connections.delete(id));
      connections.set(id, connection);
      return connection;
    },
    async stats(): Promise<HostStats> {
      checkOpen();
      const { user, system } = process.cpuUsage();
      return {
        connections: connections.size,
        sources: sources.size + videoSources.size,
        tickLateness: pacer.takeLateness(),
        reanchored: pacer.reanchored,
        // Each is handed over at once.
        picturesDropped: 0,
        rss: process.memoryUsage.rss(),
        cpuMicros: user + system,
      };
    },
    // An engine in this process cannot die without it.
    onDown: () => () => {},
    onUp: () => () => {},
    failure: undefined,
    async close(): Promise<void> {
      closed = true;
      takeBackLibyuv();
      for (const connection of [...connections.values()]) connection.close();
      for (const source of [...sources.values(), ...videoSources.values()]) source.close();
      pacer.stop();
    },
  };
}
