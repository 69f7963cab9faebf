/** How often is looked whether media comes, in milliseconds. */
const LOOK_MS = 250;

/**
 * Whether media arrives on a connection. The time of what was played last costs nothing to ask; where that stands still, packets are
 * counted: sound that the browser is not allowed to play yet, and pictures that nobody draws, arrive as well.
 */
export class Arrivals {
  readonly #connection: () => RTCPeerConnection;
  readonly #arrived: (looks: number) => void;
  readonly #timer: number;
  #looks = 0;
  #newest = 0;
  #packets = 0;
  #asking = false;

  /** @param arrived is told how many looks have found something new. */
  constructor(connection: () => RTCPeerConnection, arrived: (looks: number) => void) {
    this.#connection = connection;
    this.#arrived = arrived;
    this.#timer = window.setInterval(() => this.#look(), LOOK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const newest = newestOf(this.#connection());
    if (newest > this.#newest) this.#arrived(++this.#looks);
    else if (!this.#asking) void this.#count();
    this.#newest = newest;
  }

  async #count(): Promise<void> {
    this.#asking = true;
    // Fails only on a connection that is being closed.
    const packets = await packetsOf(this.#connection()).catch(() => this.#packets);
    this.#asking = false;
    if (packets > this.#packets) this.#arrived(++this.#looks);
    this.#packets = packets;
  }
}

function newestOf(connection: RTCPeerConnection): number {
  let newest = 0;
  for (const receiver of connection.getReceivers())
    for (const { timestamp } of receiver.getSynchronizationSources()) newest = Math.max(newest, timestamp);
  return newest;
}

async function packetsOf(connection: RTCPeerConnection): Promise<number> {
  let packets = 0;
  for (const one of (await connection.getStats()).values())
    if (one.type === 'inbound-rtp') packets += one.packetsReceived ?? 0;
  return packets;
}
