import type { HostIceCandidate, HostSessionDescription } from '../../../host/media-host.ts';
import { pluginError } from './janus-errors.ts';
import type { JanusMessage, PluginData } from './janus-message.ts';

/** A description as Janus says it: which tracks are in it stands beside it. */
export type Jsep = Pick<HostSessionDescription, 'type' | 'sdp'>;

/** An answer or an event of the VideoRoom. */
export interface PluginEvent {
  readonly data: PluginData;
  readonly jsep: Jsep | undefined;
}

export interface HandleListener {
  /** What the plugin says unasked. */
  readonly event: (event: PluginEvent) => void;
  /** `webrtcup`: media may flow. `hangup`: the connection is over. */
  readonly media?: (state: 'webrtcup' | 'hangup') => void;
}

interface Requests {
  request(body: object, doing: string, ack?: boolean): Promise<JanusMessage>;
}

/** One attachment to the VideoRoom plugin. */
export class JanusHandle {
  #id: number;
  readonly #requests: Requests;
  readonly #onDetach: () => void;
  #listener: HandleListener | undefined;
  /** What came before somebody listened: events follow the answer to a join in the same turn. */
  #early: JanusMessage[] = [];

  constructor(id: number, requests: Requests, onDetach: () => void) {
    this.#id = id;
    this.#requests = requests;
    this.#onDetach = onDetach;
  }

  /** Of the session that the server has now. */
  get id(): number {
    return this.#id;
  }

  /** Goes on as an attachment of the session after this one: who has this handle keeps it. */
  goOnAs(next: JanusHandle): void {
    this.#id = next.#id;
    for (const message of next.#early.splice(0)) this.take(message);
  }

  listen(listener: HandleListener): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) this.take(message);
  }

  /**
   * Asks the plugin.
   *
   * @param doing what is asked for, for the error: `to join the room`
   * @throws what the plugin, or Janus, refuses it with.
   */
  async ask(body: object, doing: string, jsep?: Jsep): Promise<PluginEvent> {
    const message = { janus: 'message', handle_id: this.id, body, ...(jsep !== undefined && { jsep }) };
    const answer = eventOf(await this.#requests.request(message, doing));
    const error = pluginError(answer.data, doing);
    if (error !== undefined) throw error;
    return answer;
  }

  /** Says a candidate; null says that there are no more. A socket that breaks loses it: the next restart says others. */
  trickle(candidate: HostIceCandidate | null): void {
    const said = candidate ?? { completed: true };
    this.#requests
      .request({ janus: 'trickle', handle_id: this.id, candidate: said }, 'a candidate', true)
      .catch(() => {});
  }

  detach(): void {
    this.#onDetach();
    this.#requests.request({ janus: 'detach', handle_id: this.id }, 'to end a handle').catch(() => {});
  }

  take(message: JanusMessage): void {
    if (this.#listener === undefined) this.#early.push(message);
    else if (message.janus === 'event') this.#listener.event(eventOf(message));
    else if (message.janus === 'webrtcup' || message.janus === 'hangup') this.#listener.media?.(message.janus);
  }
}

function eventOf({ plugindata, jsep }: JanusMessage): PluginEvent {
  return { data: plugindata?.data ?? {}, jsep: jsep === undefined ? undefined : { type: jsep.type, sdp: jsep.sdp } };
}
