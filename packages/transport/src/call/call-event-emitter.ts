import { isDeepStrictEqual } from 'node:util';
import { EventEmitter } from '../event-emitter.ts';
import type { CallEvents, NetworkConnection } from './call-events.ts';
import { initialInputs } from './send/inputs.ts';
import { initialPublishing } from './send/publishing.ts';

/** What an event says of a state: which one it is of, and its value. */
type State = readonly [of: string, value: unknown];

/** Events that tell a state. The others tell of something that happened, and are always news. */
const states: { readonly [K in keyof CallEvents]?: (data: CallEvents[K]) => State } = {
  'call-state-updated': ({ state }) => ['call', state],
  'participant-updated': ({ participant }) => [`participant/${participant.id}`, participant],
  'participant-counts-updated': (counts) => ['counts', counts],
  'active-speaker-changed': ({ participant }) => ['speaker', participant?.id],
  'inputs-updated': ({ inputs }) => ['inputs', inputs],
  'publishing-updated': ({ publishing }) => ['publishing', publishing],
  'subscriptions-updated': ({ subscriptions }) => ['subscriptions', subscriptions],
  'subscription-profiles-updated': ({ profiles }) => ['profiles', profiles],
  'available-devices-updated': ({ availableDevices }) => ['devices', availableDevices],
  'network-connection': (change) => [connectionOf(change), change],
};

/** The states that outlive a call: the client's own. Others begin anew with each. */
const ownStates = ['call', 'devices', 'inputs', 'publishing', 'subscriptions', 'profiles'];

/** The events of a client. One that says of a state what was said of it before is not emitted. */
export class CallEventEmitter extends EventEmitter<CallEvents> {
  readonly #told = new Map<string, unknown>([
    ['call', 'initialized'],
    ['inputs', initialInputs],
    ['publishing', initialPublishing],
    ['subscriptions', {}],
    ['profiles', { base: {} }],
  ]);

  override emit<K extends keyof CallEvents>(event: K, data: CallEvents[K]): void {
    const state = states[event]?.(data);
    if (state !== undefined) {
      const [of, value] = state;
      if (isDeepStrictEqual(this.#told.get(of), value)) return;
      this.#told.set(of, value);
    }
    super.emit(event, data);
  }

  /** What was said of a participant without an event. */
  know(participant: CallEvents['participant-updated']['participant']): void {
    this.#told.set(`participant/${participant.id}`, participant);
  }

  /** Someone came, and this was said of them. */
  joined(data: CallEvents['participant-joined']): void {
    this.know(data.participant);
    this.emit('participant-joined', data);
  }

  left(data: CallEvents['participant-left']): void {
    this.#told.delete(`participant/${data.participant.id}`);
    this.#told.delete(`media/${data.participant.id}`);
    this.emit('participant-left', data);
  }

  /** The call is over: whatever is said of the next one is news. */
  callEnded(): void {
    for (const of of [...this.#told.keys()]) if (!ownStates.includes(of)) this.#told.delete(of);
  }
}

function connectionOf(change: NetworkConnection): string {
  return change.kind === 'media' ? `media/${change.participantId}` : change.kind;
}
