import type { ToolCall } from '@sluice/core/voice';
import { fieldsOf, listOf, type ServiceIdentity, serviceError, textOf } from '@sluice/service';

/** Of one call's arguments, in UTF-16 units. */
const MOST_LENGTH = 1_000_000;
/** Of one reply. */
const MOST_CALLS = 128;

interface Call {
  id: string;
  name: string;
  text: string;
}

/**
 * The tools that a reply asks for, gathered from deltas: which call a piece is of is said by its index, and by some
 * services by its id alone. Name and id come with the first piece, the arguments bit by bit.
 */
export class ToolCallPieces {
  readonly #identity: ServiceIdentity;
  readonly #calls = new Map<number, Call>();
  #last = -1;

  constructor(identity: ServiceIdentity) {
    this.#identity = identity;
  }

  /** Takes `delta.tool_calls`, or what stands there. */
  add(pieces: unknown): void {
    for (const piece of listOf(pieces)) {
      const { index, id, function: given } = fieldsOf(piece);
      const { name, arguments: text } = fieldsOf(given);
      const call = this.#callAt(typeof index === 'number' ? index : this.#indexOf(textOf(id)));
      call.id ||= textOf(id);
      call.name ||= textOf(name);
      // Some services give the arguments as an object, at once.
      call.text += typeof text === 'object' && text !== null ? JSON.stringify(text) : textOf(text);
      if (call.text.length > MOST_LENGTH) throw this.#fault(`the arguments of ${call.name} have no end`);
    }
  }

  /**
   * All calls, in order.
   *
   * @param requestId Stands in the ids of calls that have none.
   * @throws VoiceError `retry` where arguments are no JSON object: the next attempt may do better
   */
  finish(requestId: string): readonly ToolCall[] {
    return [...this.#calls].map(([index, { id, name, text }]) => {
      if (name === '') throw this.#fault('a tool call has no name');
      let value: unknown;
      try {
        value = text.trim() === '' ? {} : JSON.parse(text);
      } catch {
        value = undefined;
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw this.#fault(`the arguments for ${name} are no JSON object`);
      return { callId: id || `${requestId}-call-${index}`, name, arguments: value as Record<string, unknown> };
    });
  }

  #indexOf(id: string): number {
    // A new id is a new call, none goes on with the last.
    if (id === '') return Math.max(this.#last, 0);
    for (const [index, call] of this.#calls) if (call.id === id) return index;
    return this.#calls.size;
  }

  #callAt(index: number): Call {
    this.#last = index;
    const known = this.#calls.get(index);
    if (known !== undefined) return known;
    if (this.#calls.size >= MOST_CALLS) throw this.#fault(`it asks for more than ${MOST_CALLS} tools at once`);
    const call = { id: '', name: '', text: '' };
    this.#calls.set(index, call);
    return call;
  }

  #fault(message: string) {
    return serviceError({ ...this.#identity, category: 'retry', message });
  }
}
