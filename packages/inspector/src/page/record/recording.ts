// Sessions in the page: what is seen is recorded into a file, and a file is shown again.

import type { InspectMessage } from '../../protocol/messages.ts';
import { headerBytes, recordBytes } from '../files/session-bytes.ts';
import type { Store } from '../link/store.ts';
import { saveBlob } from '../scope/save.ts';

/** What a recording may have, in bytes: about half an hour. It is saved then. */
const MOST_BYTES = 64 * 2 ** 20;

/** Keeps what the page is told until it is saved. Begins with what the page knows already. */
export class Recording {
  readonly #store: Store;
  readonly #startedAt = new Date();
  readonly #parts: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  constructor(store: Store) {
    this.#store = store;
    for (const message of store.known()) this.take(message);
  }

  /** Whether no more should come. */
  get full(): boolean {
    return this.#bytes > MOST_BYTES;
  }

  take(message: InspectMessage): void {
    if (message.type === 'done' || message.type === 'followed' || message.type === 'refused') return;
    const record = recordBytes(Date.now(), message);
    this.#bytes += record.length;
    this.#parts.push(record);
  }

  /** Gives the browser the file. */
  save(): void {
    const { hello, topology } = this.#store;
    const name = topology?.graphs[0]?.name ?? 'graph';
    const facts = { name, startedAt: this.#startedAt.toISOString(), text: hello?.media === true };
    const versions = { node: hello?.versions.node ?? '', core: hello?.versions.inspector ?? '' };
    const stamp = facts.startedAt.slice(0, 19).replaceAll(/[:T]/g, '-');
    const blob = new Blob([headerBytes(facts, versions), ...this.#parts], { type: 'application/octet-stream' });
    saveBlob(blob, `${name.replace(/[^\w.-]+/g, '_')}-${stamp}.sluice`);
  }
}
