// The call client: joining and leaving. Its other methods are a file for each group, in client/. No end of a graph.

import { type Cancel, rememberCall } from '@sluice/core';
import { refusePythonNames } from '../python-names.ts';
import { candidateFilterOf } from '../room/media-path.ts';
import {
  admissionTimeout,
  type CallClientOptions,
  checkCallClient,
  checkJoin,
  type JoinOptions,
  joinTimeout,
} from './call-client-options.ts';
import type { CallState } from './call-events.ts';
import type { JoinResult } from './call-lifecycle.ts';
import { CallParts, OPERATION_MS } from './client/call-parts.ts';
import { NetworkClient } from './client/network-client.ts';
import {
  type Completion,
  checkOperation,
  type DataCompletion,
  type OperationOptions,
  optionsAndCompletion,
  withoutData,
} from './completion.ts';

/** How long to wait for somebody to let us in, in milliseconds. */
const ADMISSION_MS = 5 * 60_000;

/**
 * One participant in one call at a time; any number of clients may live in a process. Everything may be called inside
 * event handlers. What takes time returns a promise and takes a completion as its last argument too: `(error)`, or
 * `(data, error)` where there is data. After `release()` every method fails with `SLUICE_CALL_RELEASED`.
 */
export class CallClient extends NetworkClient {
  protected readonly parts: CallParts;
  readonly #forget: Cancel;

  constructor(options: CallClientOptions = {}) {
    super();
    checkCallClient(options);
    this.parts = new CallParts(options, () => candidateFilterOf(this));
    this.#forget = rememberCall(this);
  }

  /** `initialized`, `joining`, `joined`, `leaving`, `left`; a client that left may join again. */
  get callState(): CallState {
    return this.parts.lifecycle.state;
  }

  /**
   * Enters a room. Default time limit: 10 s, and 5 minutes more where somebody has to let us in, which
   * `access-state-updated` tells.
   *
   * @throws SluiceError with `SLUICE_JOIN_UNREACHABLE`, `SLUICE_JOIN_REFUSED`, `SLUICE_JOIN_TIMEOUT`,
   * `SLUICE_JOIN_NOT_ADMITTED`, `SLUICE_ROOM_URL`, `SLUICE_ROOM_UNKNOWN`, `SLUICE_ROOM_NOT_OPEN`, `SLUICE_ROOM_EXPIRED`,
   * `SLUICE_ROOM_TOKEN`, `SLUICE_ROOM_FULL`, `SLUICE_ROOM_REMOVED`, `SLUICE_ROOM_VERSION`, `SLUICE_CALL_STATE`,
   * `SLUICE_ABORTED`.
   */
  join(
    meetingUrl: string,
    given: JoinOptions | DataCompletion<JoinResult> = {},
    done?: DataCompletion<JoinResult>,
  ): Promise<JoinResult> {
    const { options, completion } = optionsAndCompletion(given, done);
    // What is no object is refused by the check below.
    const { signal, timeoutMs = OPERATION_MS, admissionTimeoutMs = ADMISSION_MS }: JoinOptions = options ?? {};
    let waits = false;
    return this.parts.run({
      name: 'join',
      timeoutMs,
      timeout: (ms) => (waits ? admissionTimeout(meetingUrl, ms) : joinTimeout(meetingUrl, ms)),
      ...(signal !== undefined && { signal }),
      completion,
      complete: completion,
      check: () => checkJoin(options, completion),
      work: (abort, extend) =>
        this.#join(meetingUrl, options, abort, () => {
          waits = true;
          extend(admissionTimeoutMs);
        }),
    });
  }

  /**
   * Leaves the call, or gives up joining. Does nothing when not in a call. Who has just spoken stays up to 250 ms, until
   * the last word is heard. Default time limit: 10 s.
   */
  leave(given: OperationOptions | Completion = {}, done?: Completion): Promise<void> {
    const { options, completion } = optionsAndCompletion(given, done);
    return this.parts.run({
      name: 'leave',
      ...options,
      completion,
      complete: withoutData(completion),
      check: () => checkOperation('leave', options),
      work: () => this.parts.lifecycle.leave(),
    });
  }

  /** Waits for what is under way, leaves, and gives everything back. What waits for a call to be joined fails. */
  async release(): Promise<void> {
    await this.parts.release();
    this.#forget();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.parts.released) await this.release();
  }

  #join(
    meetingUrl: string,
    { token, lease, userName, userData, clientSettings = {} }: JoinOptions,
    signal: AbortSignal,
    onWaiting: () => void,
  ): Promise<JoinResult> {
    const { profile, settings, lifecycle } = this.parts;
    return lifecycle.join({
      meetingUrl,
      token,
      lease,
      profile,
      signal,
      onWaiting,
      prepare: () => {
        settings.join(clientSettings);
        if (userName !== undefined) profile.userName = userName;
        if (userData !== undefined) profile.userData = userData;
      },
    });
  }
}

refusePythonNames(CallClient.prototype);
