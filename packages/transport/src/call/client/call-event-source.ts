import type { Cancel } from '@sluice/core';
import { Observable } from 'rxjs';
import { type CallEvents, checkEvent, checkListener } from '../call-events.ts';
import type { CallParts } from './call-parts.ts';

/** How users hear of a client's events. */
export abstract class CallEventSource {
  protected abstract readonly parts: CallParts;

  /** Returns a function that takes the listener back. What a listener throws is told as an `error` event. */
  on<K extends keyof CallEvents>(event: K, listener: (data: CallEvents[K]) => void): Cancel {
    this.parts.checkAlive();
    checkListener(event, listener);
    return this.parts.events.on(event, listener);
  }

  off<K extends keyof CallEvents>(event: K, listener: (data: CallEvents[K]) => void): void {
    checkListener(event, listener);
    this.parts.events.off(event, listener);
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
