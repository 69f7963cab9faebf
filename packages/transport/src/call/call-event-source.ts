import type { Cancel } from '@sluice/core';
import { Observable } from 'rxjs';
import type { CallEventEmitter } from './call-event-emitter.ts';
import { type CallEvents, checkEvent, checkListener } from './call-events.ts';

/** How users hear of a client's events. */
export abstract class CallEventSource {
  protected abstract readonly events: CallEventEmitter;

  /** Throws `SLUICE_CALL_RELEASED` after `release()`. */
  protected abstract checkAlive(): void;

  /** Returns a function that takes the listener back. What a listener throws is told as an `error` event. */
  on<K extends keyof CallEvents>(event: K, listener: (data: CallEvents[K]) => void): Cancel {
    this.checkAlive();
    checkListener(event, listener);
    return this.events.on(event, listener);
  }

  off<K extends keyof CallEvents>(event: K, listener: (data: CallEvents[K]) => void): void {
    checkListener(event, listener);
    this.events.off(event, listener);
  }

  once<K extends keyof CallEvents>(event: K, listener: (data: CallEvents[K]) => void): Cancel {
    checkListener(event, listener);
    const cancel = this.on(event, (data) => {
      cancel();
      listener(data);
    });
    return cancel;
  }

  /** The same events as an Observable, which never completes by itself. */
  events$<K extends keyof CallEvents>(event: K): Observable<CallEvents[K]> {
    checkEvent(event);
    return new Observable((destination) => this.on(event, (data) => destination.next(data)));
  }
}
