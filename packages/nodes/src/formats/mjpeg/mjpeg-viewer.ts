import type { ServerResponse } from 'node:http';

/** What viewers have and have not got, counted for all of them together. */
export interface ViewerCounts {
  /** Pictures that were sent. */
  sent: number;
  /** Pictures that made room for a newer one, because the viewer was still busy with one before. */
  dropped: number;
}

/** Somebody who is shown pictures, JPEG files each. */
export interface Viewer {
  show(jpeg: Uint8Array): void;
  end(): void;
}

const boundary = 'sluice-picture';

export const streamHeaders = {
  'Content-Type': `multipart/x-mixed-replace; boundary=${boundary}`,
  Connection: 'close',
} as const;
export const snapshotHeaders = { 'Content-Type': 'image/jpeg' } as const;

/**
 * A response of `multipart/x-mixed-replace`: each part replaces the one before it on the screen. One picture is on its
 * way to the system, one waits, the newest: whoever is slow gets fewer pictures and costs no memory.
 */
export class StreamViewer implements Viewer {
  readonly #response: ServerResponse;
  readonly #counts: ViewerCounts;
  #waiting: Uint8Array | undefined;
  #busy = false;

  constructor(response: ServerResponse, counts: ViewerCounts) {
    this.#response = response;
    this.#counts = counts;
    response.writeHead(200, streamHeaders);
    // Browsers show a part when the boundary behind it has come: each part brings it along.
    response.write(`--${boundary}\r\n`);
    response.on('drain', () => this.#drained());
  }

  show(jpeg: Uint8Array): void {
    if (!this.#busy) {
      this.#send(jpeg);
      return;
    }
    if (this.#waiting !== undefined) this.#counts.dropped++;
    this.#waiting = jpeg;
  }

  end(): void {
    if (this.#waiting !== undefined) this.#counts.dropped++;
    this.#waiting = undefined;
    this.#response.end();
  }

  #drained(): void {
    this.#busy = false;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) this.#send(waiting);
  }

  #send(jpeg: Uint8Array): void {
    this.#counts.sent++;
    this.#response.cork();
    this.#response.write(`Content-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
    this.#response.write(jpeg);
    this.#busy = !this.#response.write(`\r\n--${boundary}\r\n`);
    this.#response.uncork();
  }
}

/** A response of one picture, the first that comes. */
export class SnapshotViewer implements Viewer {
  readonly #response: ServerResponse;
  readonly #counts: ViewerCounts;

  constructor(response: ServerResponse, counts: ViewerCounts) {
    this.#response = response;
    this.#counts = counts;
  }

  show(jpeg: Uint8Array): void {
    if (this.#response.writableEnded) return;
    this.#counts.sent++;
    this.#response.writeHead(200, { ...snapshotHeaders, 'Content-Length': jpeg.length });
    this.#response.end(jpeg);
  }

  /** The stream ended before its first picture. */
  end(): void {
    if (!this.#response.writableEnded) this.#response.writeHead(503).end();
  }
}
