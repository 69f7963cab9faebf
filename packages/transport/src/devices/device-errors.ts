import { SluiceError } from '@sluice/core';

export function notInitialized(): SluiceError {
  return new SluiceError('SLUICE_NOT_INITIALIZED', 'Daily was not initialized', { fix: 'Call Daily.init() first' });
}

export function alreadyInitialized(): SluiceError {
  return new SluiceError('SLUICE_ALREADY_INITIALIZED', 'Daily is already initialized', {
    fix: 'Call Daily.deinit() before another Daily.init()',
  });
}

export function deviceUnknown(kind: string, name: string, known: readonly string[]): SluiceError {
  return new SluiceError('SLUICE_DEVICE_UNKNOWN', `there is no ${kind} of this name`, {
    expected: known.length === 0 ? `a ${kind} that was created (there is none)` : `one of ${known.join(', ')}`,
    received: name,
    fix: `Create the ${kind} first`,
  });
}

export function deviceExists(name: string): SluiceError {
  return new SluiceError('SLUICE_DEVICE_EXISTS', 'a device of this name exists', {
    received: name,
    fix: 'Choose another name, or give that one up by Daily.destroyDevice(name)',
  });
}

export function deviceDestroyed(name: string): SluiceError {
  return new SluiceError('SLUICE_DEVICE_DESTROYED', `${name} was destroyed`, { fix: 'Create it anew' });
}

export function deviceOverflow(name: string, queuedMs: number, limitMs: number): SluiceError {
  return new SluiceError('SLUICE_DEVICE_OVERFLOW', `too much media waits to be played by ${name}`, {
    expected: `at most ${limitMs} ms queued before a write`,
    received: Math.round(queuedMs),
    fix: 'Wait for the promise of each write, or clear the device',
  });
}
