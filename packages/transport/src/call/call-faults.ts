import { SluiceError, toError } from '@sluice/core';
import type { EventEmitter } from '../event-emitter.ts';
import type { CallEvents } from './call-events.ts';

/** What says by itself what happened. */
const spokenFor = ['SLUICE_CALL_RELAY', 'SLUICE_ROOM_MISSED'] as const;

/** Tells of faults that nobody awaits: as `error` events, or as warnings of the process where nobody listens. */
export class CallFaults {
  readonly #events: () => EventEmitter<CallEvents>;

  constructor(events: () => EventEmitter<CallEvents>) {
    this.#events = events;
  }

  /** A handler, completion or renderer of the user threw. */
  readonly handler = (error: unknown, where: string): void => {
    if (where === 'error') process.emitWarning(toError(error));
    else this.#tell('SLUICE_CALL_HANDLER', `a handler of yours threw (${where})`, error);
  };

  /** A connection met a fault that ends nothing. */
  readonly connection = (error: unknown): void => {
    if (error instanceof SluiceError && spokenFor.some((code) => code === error.code)) this.#emit(error);
    else this.#tell('SLUICE_CALL_CONNECTION', 'a connection of the call met a fault', error);
  };

  #tell(code: 'SLUICE_CALL_HANDLER' | 'SLUICE_CALL_CONNECTION', what: string, cause: unknown): void {
    this.#emit(new SluiceError(code, `${what}: ${toError(cause).message}`, { cause }));
  }

  #emit(error: SluiceError): void {
    const events = this.#events();
    if (events.has('error')) events.emit('error', { message: error.message, error });
    else process.emitWarning(error);
  }
}
