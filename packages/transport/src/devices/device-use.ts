/**
 * Who hears a device: a far side is being connected (first media is held for it), nobody is there to wait for, or
 * somebody hears it.
 */
export type ListenerState = 'connecting' | 'alone' | 'heard';

/** One client's use of a device that it sends. */
export interface DeviceUse {
  set(state: ListenerState): void;
  /** The client sends the device no more. */
  close(): void;
}
