import type { DeviceChoice, DeviceKind } from '../ui/call-view.ts';

const kinds: Readonly<Record<MediaDeviceKind, DeviceKind>> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'loudspeaker',
};
/** Names of browsers for what is chosen when nothing is. */
const aliases: readonly string[] = ['default', 'communications'];

export interface DevicesHandlers {
  readonly changed: () => void;
  /** What was chosen is not there any more: the system decides again. */
  readonly lost: (kind: DeviceKind) => void;
}

/** What there is to choose from, and what was chosen. Browsers tell what devices are called once one may be used. */
export class Devices {
  readonly #handlers: DevicesHandlers;
  readonly #chosen: Record<DeviceKind, string> = { microphone: '', camera: '', loudspeaker: '' };
  #found: readonly MediaDeviceInfo[] = [];
  #asked = 0;

  constructor(handlers: DevicesHandlers) {
    this.#handlers = handlers;
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.look());
  }

  /** Id of a device; empty: the system decides. */
  chosen(kind: DeviceKind): string {
    return this.#chosen[kind];
  }

  choose(kind: DeviceKind, id: string): void {
    this.#chosen[kind] = id;
    this.#handlers.changed();
  }

  /** Undefined where there is no choice in this browser, or on this page. */
  choice(kind: DeviceKind): DeviceChoice | undefined {
    if (navigator.mediaDevices === undefined) return undefined;
    if (kind === 'loudspeaker' && !('setSinkId' in HTMLMediaElement.prototype)) return undefined;
    const all = this.#found
      .filter((device) => kinds[device.kind] === kind && device.label !== '' && !aliases.includes(device.deviceId))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
    return { all, chosen: this.#chosen[kind] };
  }

  /** Looks what there is now. */
  async look(): Promise<void> {
    const number = ++this.#asked;
    const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => undefined)) ?? [];
    if (number !== this.#asked) return;
    this.#found = found;
    for (const kind of Object.values(kinds)) {
      const chosen = this.#chosen[kind];
      if (chosen === '' || this.choice(kind)?.all.some(({ id }) => id === chosen) === true) continue;
      this.#chosen[kind] = '';
      this.#handlers.lost(kind);
    }
    this.#handlers.changed();
  }
}
