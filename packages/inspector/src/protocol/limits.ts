// What the inspector and whoever looks say to each other. Nothing of Node and nothing of a browser.

/** What the first message of both sides names. Fields may be added without another number; unknown messages are passed over. */
export const INSPECT_PROTOCOL = 'sluice-inspect/1';

/** What one who looks may ask for, and how much is kept for those who come late. */
export const inspectLimits = {
  /** Pages and programs that look at once. */
  clients: 8,
  /** Links that each of them hears or sees at once. */
  scopes: 4,
  /** Bytes of a request. */
  requestBytes: 16 * 1_024,
  /** Requests in a second. */
  requestsPerSecond: 50,
  /** Until the token has to be there, in milliseconds. */
  openMs: 5_000,
  /** Events that somebody gets who comes late. */
  events: 500,
  /** Milliseconds between two samples. */
  sampleMs: 200,
  /** Milliseconds between two looks at calls. */
  callsMs: 1_000,
  /** Milliseconds between two looks at fleets, and jobs that are told of each at most. */
  fleetMs: 1_000,
  fleetJobs: 500,
  /** Peaks of a scoped link in a second. */
  peaksPerSecond: 100,
  /** Sound in a packet, in milliseconds. */
  packetMs: 50,
  /** Milliseconds between two pictures of a scoped link, and their width at most. */
  pictureMs: 500,
  pictureWidth: 320,
  /** Links whose pictures each of them gets as thumbnails, and the width of those at most. All in one turn take less than 5 ms. */
  thumbnails: 8,
  thumbnailWidth: 160,
  /** Milliseconds in which a frame is followed. */
  followMs: 2_000,
  /** The longest recording of `/api/links/:id/wav`, in seconds. */
  wavSeconds: 60,
  /** Bytes that may wait for one who does not read, before it gets no samples, and before it is cut off. */
  slowBytes: 1 << 20,
  stuckBytes: 16 << 20,
} as const;
