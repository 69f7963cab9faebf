import { type Cancel, type Clock, SluiceError } from '@sluice/core';
import type { HostConnectionEvents, IceSettings } from '../../host/media-host.ts';
import type { RelayFaults } from './relay-faults.ts';

/** A TURN server on a slow network answers in less; one that does not has nobody waiting for it. Milliseconds. */
const RELAY_MS = 5_000;
const UNAUTHORIZED = 401;

/** Tells when no TURN server gave one connection a relay: the states of the connection say nothing of it. */
export class RelayWatch {
  readonly #clock: Clock;
  readonly #faults: RelayFaults;
  readonly #refusals = new Map<string, string>();
  #cancel: Cancel = () => {};

  constructor(clock: Clock, faults: RelayFaults) {
    this.#clock = clock;
    this.#faults = faults;
  }

  /** Gathering begins, with these servers. */
  begin(settings: IceSettings): void {
    this.#cancel();
    this.#refusals.clear();
    const urls = (settings.iceServers ?? []).flatMap((server) => server.urls);
    const turn = urls.filter((url) => /^turns?:/i.test(url));
    if (turn.length === 0) return;
    this.#cancel = this.#clock.at(this.#clock.now() + RELAY_MS, () => this.#tell(settings, turn));
  }

  candidate(line: string): void {
    if (!/ typ relay(?: |$)/.test(line)) return;
    this.#cancel();
    this.#faults.found();
  }

  /** 701 is told of each interface from which there is no way, also where another one has a way. */
  refused({ url, code, text }: HostConnectionEvents['iceError']): void {
    if (!/^turns?:/i.test(url)) return;
    const reason = code === UNAUTHORIZED ? 'wrong username or credential (401)' : `${text} (${code})`;
    this.#refusals.set(url, reason);
  }

  close(): void {
    this.#cancel();
  }

  #tell(settings: IceSettings, turn: readonly string[]): void {
    const only = settings.iceTransportPolicy === 'relay';
    const refusals = [...this.#refusals].map(([url, reason]) => `${url}: ${reason}`);
    const told = refusals.length > 0 ? refusals.join('; ') : `${turn.join(', ')}: no answer in ${RELAY_MS / 1_000} s`;
    this.#faults.missing(
      settings,
      new SluiceError('SLUICE_CALL_RELAY', 'no TURN server gave a relay', {
        expected: only ? 'a relay, without which there is no media: iceTransportPolicy is relay' : 'a relay',
        received: told,
        fix: 'Check address, username and credential of the server and call setIceConfig again, or setIceConfig(null)',
      }),
    );
  }
}
