/** What is handed to a port whose other end is closed goes nowhere, and its memory is free at once. */
const nowhere = new MessageChannel();
nowhere.port2.close();
nowhere.port1.unref();

/**
 * Frees the memory of an array that nobody reads any more. The engine makes a new one for each picture, and left to the collector they
 * have it mark the whole heap several times a second.
 *
 * @param array is empty afterwards, and so is every other one over the same memory.
 */
export function releaseMemory({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) nowhere.port1.postMessage(undefined, [buffer]);
}
