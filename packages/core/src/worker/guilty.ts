import { AsyncLocalStorage } from 'node:async_hooks';

/** What an operator does later, in a timer or a promise, is still its own. */
const running = new AsyncLocalStorage<number>();

/** Runs the code of a placed operator. */
export function runAs<T>(id: number, work: () => T): T {
  return running.run(id, work);
}

/**
 * Lets an operator that ends the thread, or throws where nobody catches it, fail alone: others live on the same thread.
 * What is nobody's ends the thread, as it would without this.
 */
export function blameOperators(fail: (id: number, error: unknown) => void): void {
  process.exit = (code) => {
    const error = new Error(`the operator called process.exit(${code ?? ''}), which ends no thread that others use`);
    const id = running.getStore();
    if (id !== undefined) fail(id, error);
    throw error;
  };
  process.on('uncaughtException', (error) => {
    const id = running.getStore();
    if (id === undefined) throw error;
    fail(id, error);
  });
}
