export const networkThresholds = ['good', 'low', 'veryLow'] as const;
/** How good the network is. */
export type NetworkThreshold = (typeof networkThresholds)[number];

/** The last interval in the words of the Daily SDK. Bits per second of media and its headers; losses are shares, 0 to 1. */
export interface LatestNetworkStats {
  /** When it was measured, in milliseconds of the client's clock. */
  readonly timestamp: number;
  /** Bit rate of what comes. */
  readonly receiveBitsPerSecond: number;
  /** Bit rate of what is sent. */
  readonly sendBitsPerSecond: number;
  /** Bit rate of the pictures that come. */
  readonly videoRecvBitsPerSecond: number;
  /** Bit rate of the pictures that are sent. */
  readonly videoSendBitsPerSecond: number;
  /** Share of the packets that never arrived here. */
  readonly totalRecvPacketLoss: number;
  /** Share of the packets that never arrived at the far sides. */
  readonly totalSendPacketLoss: number;
  /** The same of pictures that come. */
  readonly videoRecvPacketLoss: number;
  /** The same of pictures that are sent. */
  readonly videoSendPacketLoss: number;
}

/** What the network does to a call, now and at its worst. */
export interface NetworkReport {
  /** The last interval. */
  readonly latest: LatestNetworkStats;
  /** The largest since the call began. */
  readonly worstVideoReceivePacketLoss: number;
  /** The largest since the call began. */
  readonly worstVideoSendPacketLoss: number;
}

/** What is remembered from one measurement to the next. */
export interface NetworkHistory {
  readonly threshold: NetworkThreshold;
  readonly worstVideoReceivePacketLoss: number;
  readonly worstVideoSendPacketLoss: number;
}

export const noHistory: NetworkHistory = {
  threshold: 'good',
  worstVideoReceivePacketLoss: 0,
  worstVideoSendPacketLoss: 0,
};

/** Loss above which a connection is poor, and above which it is bad: the constants of the Daily SDK's core. */
const LOW = 0.2;
const VERY_LOW = 0.35;
/** Loss at which nothing is left of the quality, so that it is half where a connection begins to be poor. */
const WORST = 0.4;

export function networkReport(latest: LatestNetworkStats, history: NetworkHistory): NetworkReport {
  const { videoRecvPacketLoss, videoSendPacketLoss } = latest;
  return {
    latest,
    worstVideoReceivePacketLoss: Math.max(history.worstVideoReceivePacketLoss, videoRecvPacketLoss),
    worstVideoSendPacketLoss: Math.max(history.worstVideoSendPacketLoss, videoSendPacketLoss),
  };
}

export function thresholdOf(loss: number): NetworkThreshold {
  return loss <= LOW ? 'good' : loss <= VERY_LOW ? 'low' : 'veryLow';
}

/** 100 without loss, 50 at 20 %, 0 from 40 % on. */
export function qualityOf(loss: number): number {
  return Math.round(100 * Math.max(0, 1 - loss / WORST));
}
