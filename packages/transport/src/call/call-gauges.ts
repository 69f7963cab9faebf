import type { Cancel, Clock } from '@sluice/core';
import { type AvailableDevices, noDevices } from '../devices/available-devices.ts';
import type { CallDevices } from './call-devices.ts';
import type { CallEventEmitter } from './call-event-emitter.ts';
import { LevelObserver } from './level-observer.ts';
import type { LiveCall } from './live-call.ts';
import { type NetworkStats, noNetwork } from './network-stats.ts';
import type { RemoteLevels } from './receive/remote-levels.ts';
import { LocalLevels } from './send/local-levels.ts';
import type { LocalTracks } from './send/local-tracks.ts';

export interface CallGaugesOptions {
  readonly clock: Clock;
  readonly devices: CallDevices;
  readonly events: CallEventEmitter;
  readonly tracks: LocalTracks;
  readonly remoteLevels: RemoteLevels;
  readonly call: () => LiveCall | undefined;
}

/** What a client measures and lists: levels, network, devices. */
export class CallGauges {
  readonly localLevel: LevelObserver<number>;
  readonly remoteLevels: LevelObserver<Readonly<Record<string, number>>>;
  readonly #options: CallGaugesOptions;
  readonly #cancelDevices: Cancel;

  constructor(options: CallGaugesOptions) {
    const { clock, devices, events, tracks, remoteLevels, call } = options;
    this.#options = options;
    const local = new LocalLevels(tracks);
    this.localLevel = new LevelObserver({
      clock,
      nothing: 0,
      read: () => (call() === undefined ? undefined : local.read()),
      stop: () => local.stop(),
      tell: (audioLevel) => events.emit('local-audio-level', { audioLevel }),
    });
    this.remoteLevels = new LevelObserver<Readonly<Record<string, number>>>({
      clock,
      nothing: {},
      start: () => remoteLevels.start(),
      read: () => {
        const live = call();
        return live && remoteLevels.read(live.session.participants);
      },
      stop: () => remoteLevels.stop(),
      tell: (participantsAudioLevel) => events.emit('remote-participants-audio-level', { participantsAudioLevel }),
    });
    this.#cancelDevices = tellDevices(devices, events);
  }

  get devices(): AvailableDevices {
    return this.#options.devices.available ?? noDevices;
  }

  /** As it was told last. */
  get network(): NetworkStats {
    return this.#options.call()?.lastNetworkStats ?? noNetwork;
  }

  close(): void {
    this.localLevel.stop();
    this.remoteLevels.stop();
    this.#cancelDevices();
  }
}

/** A client that is forgotten without being released is collected all the same. */
function tellDevices(devices: CallDevices, events: CallEventEmitter): Cancel {
  const weak = new WeakRef(events);
  const cancel: Cancel | undefined = devices.onAvailable?.((availableDevices) => {
    const alive = weak.deref();
    if (alive === undefined) cancel?.();
    else alive.emit('available-devices-updated', { availableDevices });
  });
  return () => cancel?.();
}
