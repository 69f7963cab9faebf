import * as v from 'valibot';
import type { HostConnectionStats, HostStats } from '../media-host.ts';
import { description, name } from './control-messages.ts';
import { brokenWire } from './wire.ts';

// JSON has no other numbers; what is written as `null` was none.
const figure = v.number();
const counter = v.pipe(v.number(), v.integer(), v.minValue(0));
const nothing = v.null();

const audioStats = v.object({
  name,
  packetsReceived: figure,
  bytesReceived: figure,
  totalSamplesReceived: figure,
  concealedSamples: figure,
  silentConcealedSamples: figure,
  concealmentEvents: figure,
});

const videoStats = v.object({ mid: name, name, framesDecoded: figure, pixels: figure });

const pathEnd = v.object({ type: name, address: name, port: figure });

const connectionStats = v.object({
  id: counter,
  packetsReceived: figure,
  packetsLost: figure,
  packetsSent: figure,
  bytesReceived: figure,
  bytesSent: figure,
  videoPacketsReceived: figure,
  videoPacketsLost: figure,
  videoPacketsSent: figure,
  videoBytesReceived: figure,
  videoBytesSent: figure,
  sentLoss: figure,
  videoSentLoss: figure,
  roundTripTime: v.exactOptional(figure),
  concealedSamples: figure,
  concealmentEvents: figure,
  totalSamplesReceived: figure,
  jitterBufferDelay: figure,
  jitterBufferEmitted: figure,
  framesEncoded: figure,
  framesDecoded: figure,
  framesDropped: figure,
  videoCodecs: v.array(name),
  audio: v.array(audioStats),
  video: v.array(videoStats),
  path: v.exactOptional(
    v.object({
      protocol: name,
      relayed: v.boolean(),
      roundTripMs: v.nullable(figure),
      local: pathEnd,
      remote: pathEnd,
    }),
  ),
}) satisfies v.GenericSchema<HostConnectionStats>;

const hostStats = v.object({
  connections: counter,
  sources: counter,
  tickLateness: v.object({ p50: figure, p99: figure, max: figure }),
  reanchored: counter,
  picturesDropped: counter,
  rss: figure,
  cpuMicros: figure,
}) satisfies v.GenericSchema<HostStats>;

/** What each question to the engine is answered with. */
export const engineAnswers = {
  clear: v.pipe(figure, v.minValue(0)),
  pause: nothing,
  'create-offer': description,
  'create-answer': description,
  'set-remote': nothing,
  rollback: nothing,
  'add-candidate': nothing,
  'connection-stats': connectionStats,
  'host-stats': hostStats,
} as const;
export type QuestionType = keyof typeof engineAnswers;
export type EngineAnswer<T extends QuestionType> = v.InferOutput<(typeof engineAnswers)[T]>;

/** A checked answer, or `SLUICE_HOST_PROTOCOL`: an engine that says something else is broken. */
export function parseAnswer(type: QuestionType, value: unknown): unknown {
  const result = v.safeParse(engineAnswers[type], value);
  if (!result.success) throw brokenWire(`an answer to ${type} that is none: ${result.issues[0].message}`);
  return result.output;
}
