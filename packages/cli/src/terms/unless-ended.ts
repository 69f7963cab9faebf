/**
 * Waits for work that puts nothing in order, a file that is read or a program that is loaded, and no longer than until the command
 * is told to end.
 *
 * @throws what the work throws; the reason of the signal once it is aborted
 */
export function unlessEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    signal.addEventListener('abort', end, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
    if (signal.aborted) end();
  });
}
