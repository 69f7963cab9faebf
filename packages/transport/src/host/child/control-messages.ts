import * as v from 'valibot';
import { videoCodecs } from '../media-host.ts';
import { brokenWire } from './wire.ts';

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
export const name = v.pipe(v.string(), v.maxLength(1_024));
const text = v.pipe(v.string(), v.maxLength(1_000_000));

export const description = v.object({
  type: v.picklist(['offer', 'answer']),
  sdp: text,
  tracks: v.array(v.object({ mid: name, name })),
  pending: v.exactOptional(v.array(name)),
});

const candidate = v.object({
  candidate: name,
  sdpMid: v.nullable(name),
  sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
  usernameFragment: v.exactOptional(v.nullable(name)),
});

const sourceOptions = v.object({
  sampleRate: v.number(),
  channels: v.number(),
  autoSilence: v.boolean(),
  cushionMs: v.number(),
  firstCushionMs: v.exactOptional(v.number()),
});

const iceSettings = v.object({
  iceServers: v.exactOptional(
    v.array(
      v.object({
        urls: v.union([name, v.array(name)]),
        username: v.exactOptional(name),
        credential: v.exactOptional(name),
      }),
    ),
  ),
  iceTransportPolicy: v.exactOptional(v.picklist(['all', 'relay'])),
});

const connectionOptions = v.object({
  ...iceSettings.entries,
  candidates: v.picklist(['loopback', 'all']),
  pictures: v.exactOptional(v.boolean()),
});

const videoSettings = v.object({
  maxBitrate: v.exactOptional(v.number()),
  maxFramerate: v.exactOptional(v.number()),
  scaleResolutionDownBy: v.exactOptional(v.number()),
  codec: v.exactOptional(v.picklist(videoCodecs)),
  layers: v.exactOptional(
    v.pipe(
      v.array(
        v.object({ scaleResolutionDownBy: v.exactOptional(v.number()), maxBitrate: v.exactOptional(v.number()) }),
      ),
      v.readonly(),
    ),
  ),
});

/** Of either kind of track. */
const sendSettings = v.object({
  channelConfig: v.exactOptional(v.picklist(['mono', 'stereo'])),
  bitrate: v.exactOptional(v.number()),
  redundancy: v.exactOptional(v.boolean()),
  ...videoSettings.entries,
});

/** To the host. `call` numbers expect one `result` each. */
export const hostCommand = v.variant('type', [
  v.object({ type: v.literal('create-source'), id, options: sourceOptions }),
  v.object({ type: v.literal('create-video-source'), id, options: v.object({ screen: v.boolean() }) }),
  v.object({ type: v.literal('flush'), id }),
  v.object({ type: v.literal('clear'), id, call: id, fadeMs: v.number() }),
  v.object({ type: v.literal('pause'), id, call: id, fadeMs: v.number() }),
  v.object({ type: v.literal('resume'), id }),
  v.object({ type: v.literal('close-source'), id }),
  v.object({ type: v.literal('create-connection'), id, options: connectionOptions }),
  v.object({ type: v.literal('add-track'), id, name, source: id, settings: sendSettings }),
  v.object({ type: v.literal('replace-track'), id, name, source: v.nullable(id) }),
  v.object({ type: v.literal('configure-track'), id, name, settings: videoSettings }),
  v.object({ type: v.literal('remove-track'), id, name }),
  v.object({ type: v.literal('create-offer'), id, call: id, iceRestart: v.boolean() }),
  v.object({ type: v.literal('create-answer'), id, call: id }),
  v.object({ type: v.literal('set-remote'), id, call: id, description }),
  v.object({ type: v.literal('rollback'), id, call: id }),
  v.object({ type: v.literal('add-candidate'), id, call: id, candidate }),
  v.object({ type: v.literal('set-ice'), id, settings: iceSettings }),
  v.object({ type: v.literal('receive'), id, name, wanted: v.boolean() }),
  v.object({ type: v.literal('connection-stats'), id, call: id }),
  v.object({ type: v.literal('close-connection'), id }),
  v.object({ type: v.literal('host-stats'), call: id }),
]);
export type HostCommand = v.InferOutput<typeof hostCommand>;

/** From the host. */
export const hostEvent = v.variant('type', [
  v.object({ type: v.literal('alive') }),
  v.object({ type: v.literal('result'), call: id, value: v.unknown() }),
  v.object({ type: v.literal('fault'), call: id, code: name, message: text }),
  v.object({ type: v.literal('candidate'), id, data: candidate }),
  v.object({ type: v.literal('gathered'), id }),
  v.object({ type: v.literal('ice-error'), id, data: v.object({ url: name, code: v.number(), text }) }),
  v.object({
    type: v.literal('state'),
    id,
    data: v.picklist(['new', 'connecting', 'connected', 'disconnected', 'failed', 'closed']),
  }),
  v.object({
    type: v.literal('track'),
    id,
    data: v.object({ name, kind: v.picklist(['audio', 'video']), present: v.boolean() }),
  }),
  v.object({ type: v.literal('packets'), id, data: v.object({ received: id }) }),
]);
export type HostEvent = v.InferOutput<typeof hostEvent>;

/** A checked message, or `SLUICE_HOST_PROTOCOL`. */
export function parseControl<S extends typeof hostCommand | typeof hostEvent>(
  schema: S,
  payload: Buffer,
): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(payload.toString());
  } catch {
    throw brokenWire('control that is no JSON');
  }
  const result = v.safeParse(schema, value);
  if (!result.success) throw brokenWire(result.issues[0].message);
  return result.output;
}
