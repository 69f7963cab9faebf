import type { AvailableDevices } from '../../devices/available-devices.ts';
import type { NetworkStats } from '../network-stats.ts';
import { CallEventSource } from './call-event-source.ts';

/** What users ask a client of levels, network and devices. */
export abstract class MeasuresClient extends CallEventSource {
  /**
   * From now on `local-audio-level` tells at every interval of a call how loud this client is: the loudest of the audio
   * tracks that it sends, without `screenAudio` and those with `ignoreAudioLevel`. A level is the root mean square of the
   * samples played in the interval as a part of full scale: 0 is silence, a sine at full scale 0.707, a square wave 1 (the
   * linear scale of `audioLevel` in W3C webrtc-stats). Costs nothing while it is off. Again: another interval.
   *
   * @param intervalMs 10 to 10,000
   * @throws TypeError, RangeError for another interval
   */
  startLocalAudioLevelObserver(intervalMs = 100): void {
    this.parts.checkAlive();
    this.parts.gauges.localLevel.start(intervalMs);
  }

  /** Does nothing while it does not run. */
  stopLocalAudioLevelObserver(): void {
    this.parts.checkAlive();
    this.parts.gauges.localLevel.stop();
  }

  isLocalAudioLevelObserverRunning(): boolean {
    this.parts.checkAlive();
    return this.parts.gauges.localLevel.running;
  }

  /** 0 to 1, as told last; 0 while the observer does not run. */
  getLocalAudioLevel(): number {
    this.parts.checkAlive();
    return this.parts.gauges.localLevel.last;
  }

  /**
   * From now on `remote-participants-audio-level` tells at every interval of a call how loud each remote participant is as
   * received: the loudest of its subscribed audio tracks, on the scale of `startLocalAudioLevelObserver`, without
   * `screenAudio` and those with `ignoreAudioLevel`; 0 for who is silent or not received. Again: another interval.
   *
   * @param intervalMs 10 to 10,000
   * @throws TypeError, RangeError for another interval
   */
  startRemoteParticipantsAudioLevelObserver(intervalMs = 100): void {
    this.parts.checkAlive();
    this.parts.gauges.remoteLevels.start(intervalMs);
  }

  /** Does nothing while it does not run. */
  stopRemoteParticipantsAudioLevelObserver(): void {
    this.parts.checkAlive();
    this.parts.gauges.remoteLevels.stop();
  }

  isRemoteParticipantsAudioLevelObserverRunning(): boolean {
    this.parts.checkAlive();
    return this.parts.gauges.remoteLevels.running;
  }

  /** By participant id, 0 to 1, as told last; empty while the observer does not run. */
  getRemoteParticipantsAudioLevel(): Readonly<Record<string, number>> {
    this.parts.checkAlive();
    return this.parts.gauges.remoteLevels.last;
  }

  /** The virtual devices of the process, as `available-devices-updated` tells them; none before `Daily.init`. */
  availableDevices(): AvailableDevices {
    this.parts.checkAlive();
    return this.parts.gauges.devices;
  }

  /** The network of the call as it was told last, at most two seconds ago. `networkStats()` measures now. */
  getNetworkStats(): NetworkStats {
    this.parts.checkAlive();
    return this.parts.gauges.network;
  }
}
