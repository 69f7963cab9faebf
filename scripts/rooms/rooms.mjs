// The rooms of the house, from the ground up. A room uses those of earlier levels; rooms of one level do not know each
// other. The rules of dependency-cruiser and docs/architecture.md are made from this list.

/**
 * `files` is a regular expression over the paths of its files within the house, `door` the file that opens with what
 * lives here and what may not.
 *
 * @typedef {{ name: string, files: string, door?: string, uses: Record<string, string> }} Room
 * @typedef {{ folder: string, levels: Room[][] }} House
 */

/** A folder. `uses` narrows what it may import of another room to the files that match. */
const room = (name, door, uses = {}) => ({ name, files: `${name}/`, door: `${name}/${door}`, uses });
/** Files by their names. */
const files = (name, list, door) => ({ name, files: `(?:${list})\\.ts$`, door, uses: {} });
/** What lies in the house itself and is of no other room. */
const rest = (name, door) => ({ name, files: '', door, uses: {} });

/** @returns {House} */
function house(folder, ...levels) {
  const named = levels.flat().filter(({ files }) => files !== '');
  const others = named.filter(({ files }) => files.startsWith('(')).map(({ files }) => files);
  const not = others.length === 0 ? '' : `(?!${others.join('|')})`;
  for (const one of levels.flat()) if (one.files === '') one.files = `${not}[^/]+\\.tsx?$`;
  return { folder, levels };
}

/** @type {House[]} */
export const houses = [
  house(
    'packages/core/src',
    [files('errors', 'errors|check-keys', 'errors.ts')],
    [room('time', 'clock.ts')],
    [room('media', 'frame.ts')],
    [room('kernels', 'index.ts', { media: '(?:audio|color|video)-format|channel-layout|invalid-samples' })],
    [room('operators', 'operator.ts'), room('voice', 'model.ts')],
    [room('node', 'define-node.ts'), room('playout', 'playout-sink.ts')],
    [room('runtime', 'runtime.ts')],
    [room('graph', 'graph.ts')],
    [
      room('sync', 'sync-group.ts'),
      room('worker', 'in-worker.ts'),
      room('plugins', 'index.ts'),
      room('drawing', 'index.ts'),
      room('testing', 'index.ts'),
      room('session', 'index.ts'),
      room('metrics', 'metrics-text.ts'),
    ],
    [rest('index')],
  ),
  house(
    'packages/core/src/runtime',
    [files('contract', 'contract', 'contract.ts')],
    [room('ports', 'out-port.ts')],
    [room('links', 'link.ts')],
    [room('actors', 'actor.ts')],
    [rest('runtime', 'runtime.ts')],
  ),
  house(
    'packages/core/src/voice',
    [rest('models', 'model.ts')],
    [room('fakes', 'loudness.ts'), room('threads', 'recognize-in-thread.ts'), room('relay', 'relay.ts')],
    [files('kit', 'index')],
  ),
  house(
    'packages/core/src/session',
    [room('container', 'session-record.ts'), room('passage', 'passage.ts')],
    [room('values', 'value-mark.ts')],
    [room('ends', 'session-env.ts')],
    [room('recording', 'gate.ts'), room('replay', 'session-difference.ts')],
    [rest('door', 'index.ts')],
  ),
  house(
    'packages/core/src/testing',
    [room('sound', 'audio-assertions.ts'), room('pictures', 'picture-assertions.ts')],
    [rest('doubles', 'actor-double.ts')],
    [room('conformance', 'conform.ts')],
    [files('kit', 'index')],
  ),
  house(
    'packages/nodes/src',
    [files('errors', 'errors')],
    [room('kernels', 'clamp.ts')],
    [room('options', 'check-option.ts')],
    [room('formats', 'frame-timeline.ts')],
    [room('flow', 'pace.ts')],
    [room('audio', 'gain.ts'), room('video', 'scale.ts')],
    [room('sources', 'live-source.ts'), room('sinks', 'to-frames.ts')],
    [room('voice', 'voice-frames.ts')],
    [rest('index')],
  ),
  house(
    'packages/nodes/src/kernels',
    [rest('numbers')],
    [room('audio', 'gain-ramp.ts'), room('video', 'scale-picture.ts')],
  ),
  house(
    'packages/nodes/src/formats',
    [room('byte-io', 'byte-reader.ts')],
    [rest('timing')],
    [
      room('wav', 'wav-format.ts'),
      room('y4m', 'y4m-header.ts'),
      room('image', 'open-image.ts'),
      room('mjpeg', 'mjpeg-server.ts'),
    ],
  ),
  house(
    'packages/nodes/src/voice',
    [rest('frames', 'voice-frames.ts')],
    [room('text', 'sentence-splitter.ts'), room('hearing', 'vad.ts'), room('turns', 'turn-taker.ts')],
    [room('saying', 'speak.ts'), room('people', 'speaker.ts')],
    [room('recording', 'record-conversation.ts')],
    [room('echo', 'echo-guard.ts')],
    [room('agent', 'voice-agent.ts')],
  ),
  house('packages/nodes/src/audio', [rest('operators')], [room('mix', 'mixer.ts')]),
  house(
    'packages/nodes/src/video',
    [room('picture', 'redraw.ts'), room('pattern', 'pattern-artist.ts')],
    [room('overlay', 'overlay.ts'), room('composite', 'compositor.ts')],
    [rest('operators')],
  ),
  house(
    'packages/plugin-vad-silero/src',
    [files('terms', 'messages', 'messages.ts')],
    [room('child', 'silero-child.ts'), room('host', 'shared-process.ts')],
    [rest('model', 'silero.ts')],
  ),
  house(
    'packages/plugin-deepgram/src',
    [room('access', 'deepgram-options.ts')],
    [room('listen', 'deepgram-listen.ts')],
    [room('flux', 'deepgram-flux.ts'), room('speak', 'deepgram-speak.ts'), room('testing', 'peer.ts')],
    [rest('index')],
  ),
  house(
    'packages/plugin-elevenlabs/src',
    [room('access', 'eleven-labs-options.ts')],
    [room('speech', 'eleven-labs-speech.ts'), room('recognizer', 'eleven-labs-recognizer.ts')],
    [room('testing', 'speech-socket.ts')],
    [rest('index')],
  ),
  house(
    'packages/plugin-sound/src',
    [files('errors', 'errors', 'errors.ts'), room('options', 'check-option.ts'), room('kernels', 'k-weighting.ts')],
    [room('audio', 'loudness.ts'), room('pictures', 'canvas.ts')],
    [rest('index')],
  ),
  house(
    'packages/plugin-websocket/src',
    [files('errors', 'errors')],
    [room('forms', 'media-form.ts'), room('socket', 'web-socket-like.ts')],
    [room('hearing', 'arrival-timeline.ts'), room('speaking', 'outlet.ts')],
    [files('ends', 'media-socket|media-socket-options|open-socket', 'media-socket.ts')],
    [room('testing', 'index.ts')],
    [rest('index')],
  ),
  house(
    'packages/plugin-flite/src',
    [files('terms', 'messages', 'messages.ts')],
    [room('text', 'spoken-tokens.ts'), room('child', 'flite-child.ts'), room('pool', 'child-pool.ts')],
    [rest('model', 'flite.ts')],
  ),
  house(
    'packages/plugin-espeak/src',
    [files('terms', 'messages', 'messages.ts')],
    [room('worker', 'espeak-worker.ts')],
    [rest('model', 'espeak.ts')],
  ),
  house(
    'packages/plugin-ffmpeg/src',
    [files('errors', 'errors', 'errors.ts')],
    [room('program', 'ffmpeg-process.ts')],
    [room('reading', 'from-media.ts'), room('writing', 'to-movie.ts')],
    [room('live', 'from-live-media.ts')],
    [rest('ends', 'index.ts')],
  ),
  house(
    'packages/plugin-mediabunny/src',
    [files('errors', 'errors', 'errors.ts')],
    [room('input', 'container-input.ts')],
    [room('reading', 'sample-decoder.ts'), room('writing', 'container-format.ts')],
    [rest('ends', 'from-container.ts')],
  ),
  house(
    'packages/plugin-otel/src',
    [files('names', 'names|teller', 'names.ts')],
    [files('spans', 'graph-spans|turn-spans|call-spans'), files('figures', 'graph-figures')],
    [rest('telemetry', 'telemetry.ts')],
  ),
  house(
    'packages/service/src',
    [
      room('faults', 'service-error.ts'),
      room('sound', 'pcm.ts'),
      files('checks', 'check-options', 'check-options.ts'),
      files('waiting', 'in-time|fault-text', 'in-time.ts'),
    ],
    [room('http', 'request-service.ts'), room('socket', 'service-socket.ts')],
    [
      room('access', 'service-access.ts'),
      room('recognition', 'recognition-protocol.ts'),
      room('speech', 'speech-protocol.ts'),
    ],
    [room('testing', 'start-service.ts')],
    [rest('index')],
  ),
  house(
    'packages/plugin-openai/src',
    [room('access', 'open-ai-options.ts')],
    [
      room('chat', 'openai-chat.ts'),
      room('realtime', 'openai-realtime.ts'),
      room('transcription', 'openai-transcription.ts'),
      room('speech', 'openai-speech.ts'),
    ],
    [room('testing', 'start-open-ai-server.ts')],
    [rest('index')],
  ),
  house(
    'packages/protocol/src',
    [rest('messages', 'messages.ts')],
    [room('links', 'link-gate.ts')],
    [files('door', 'index', 'index.ts')],
  ),
  house('packages/page/src', [room('ui', 'call-view.ts')], [room('call', 'page-call.ts')], [rest('page', 'main.tsx')]),
  house('packages/page/src/ui', [room('words', 'closed-door.ts')], [rest('parts', 'call-view.ts')]),
  house(
    'packages/transport/src',
    [files('ground', 'errors|logger|event-emitter|level-meter|address-ranges|python-names')],
    [room('host', 'media-host.ts')],
    [room('devices', 'registry.ts'), room('room', 'driver.ts')],
    [room('call', 'call-client.ts'), room('vad', 'native-vad.ts')],
    [room('graph', 'from-speaker.ts')],
    [room('testing', 'index.ts'), room('whip', 'whip-errors.ts')],
    [files('daily', 'daily')],
    [rest('index')],
  ),
  house(
    'packages/transport/src/host',
    [rest('contract')],
    [room('engine', 'in-process-host.ts')],
    [room('child', 'child-host.ts')],
    [files('choice', 'create-media-host|idle-watch', 'create-media-host.ts')],
  ),
  house(
    'packages/transport/src/devices',
    [rest('options')],
    [room('audio', 'sample-device.ts'), room('video', 'picture-device.ts'), room('speaker', 'virtual-speaker.ts')],
    [files('registry', 'registry|create-devices', 'registry.ts')],
    [room('custom', 'custom-audio-source.ts')],
  ),
  house(
    'packages/transport/src/room',
    [room('protocol', 'read-message.ts')],
    [files('driver', 'driver|media-path')],
    [room('session', 'local-participant.ts')],
    [room('server', 'room-server.ts'), room('embedded', 'embedded-session.ts'), room('janus', 'janus-session.ts')],
    [files('drivers', 'driver-registry', 'driver-registry.ts')],
  ),
  house(
    'packages/transport/src/room/janus',
    [room('wire', 'janus-message.ts')],
    [room('members', 'roster.ts')],
    [room('media', 'room-media.ts'), room('cascade', 'cascade.ts')],
    [rest('driver', 'janus-session.ts')],
  ),
  house(
    'packages/transport/src/room/server',
    [
      files(
        'terms',
        'refusal|denial-error|read-fields|iso-time|room-properties|room-tokens|room-directory|room-services|hub-counts',
        'refusal.ts',
      ),
    ],
    [room('tokens', 'meeting-tokens.ts'), room('budgets', 'message-budget.ts'), room('directory', 'room-list.ts')],
    [room('members', 'entry-permissions.ts'), room('services', 'service-runs.ts'), room('rest', 'rest-api.ts')],
    [room('asks', 'ask-room.ts'), room('metrics', 'metrics-server.ts')],
    [rest('server', 'room-server.ts')],
    [room('cli', 'read-option.ts')],
    [files('programs', 'room-cli|run-room-program')],
  ),
  house(
    'packages/transport/src/call',
    [files('terms', 'call-devices|check-settings|own-entry|participants|track-name', 'call-devices.ts')],
    [room('send', 'local-tracks.ts'), room('receive', 'renderers.ts'), room('control', 'profile.ts')],
    [rest('life', 'call-lifecycle.ts')],
    [room('client', 'call-parts.ts')],
    [files('door', 'call-client', 'call-client.ts')],
  ),
  house(
    'packages/inspector/src',
    [files('errors', 'errors', 'errors.ts'), room('protocol', 'limits.ts')],
    [room('scope', 'stretch.ts'), room('watch', 'observed-graph.ts')],
    [room('server', 'hub.ts'), room('page', 'main.tsx', { scope: 'wav-bytes' })],
    [room('attach', 'run-files.ts')],
    [rest('index')],
  ),
  house(
    'packages/inspector/src/page',
    [room('figures', 'recent.ts'), room('files', 'session-bytes.ts')],
    [room('link', 'read-token.ts')],
    [room('graph', 'lay-out.ts'), room('scope', 'track.ts'), room('strips', 'strip.tsx')],
    [
      room('calls', 'calls-view.tsx'),
      room('fleets', 'fleets-view.tsx'),
      room('talk', 'talk-view.tsx'),
      room('record', 'recording.ts'),
    ],
    [room('ui', 'view.ts')],
    [rest('page', 'main.tsx')],
  ),
  house(
    'packages/fleet/src',
    [files('errors', 'errors', 'errors.ts')],
    [room('connection', 'connect-nats.ts'), room('placing', 'worker-load.ts'), room('accounts', 'bot-account.ts')],
    [room('links', 'link-wire.ts'), room('store', 'job-record.ts'), room('testing', 'index.ts')],
    [room('leases', 'worker-beat.ts')],
    [room('metrics', 'fleet-metric-rows.ts')],
    [room('workers', 'bot.ts'), room('desk', 'open-fleet.ts')],
    [rest('index')],
  ),
  house('packages/fleet/src/links', [room('wire', 'layout.ts')], [rest('links', 'link-wire.ts')]),
  house(
    'packages/recorder/src',
    [room('entry', 'enter-room.ts'), room('timeline', 'recording-timeline.ts')],
    [room('recording', 'room-recorder.ts'), room('transcription', 'room-transcriber.ts')],
    [room('program', 'room-additions.ts')],
    [rest('index')],
  ),
  house(
    'packages/cli/src',
    [files('errors', 'errors')],
    [room('terms', 'command.ts')],
    [
      room('pages', 'pages.ts'),
      room('sound', 'measure-sound.ts'),
      room('programs', 'load-module.ts'),
      room('processes', 'running-process.ts'),
      room('drawing', 'lay-out-layers.ts'),
      room('machine', 'findings.ts'),
      room('serving', 'reached-at.ts'),
    ],
    [room('replaying', 'replayed.ts')],
    [room('commands', 'commands.ts')],
    [rest('line')],
  ),
  house('packages/scenario/src', [room('room', 'voice-mix.ts')], [rest('index')]),
  house(
    'bench/src',
    [room('children', 'serve.ts')],
    [room('measuring', 'report.ts')],
    [
      room('graph', 'hop.ts'),
      room('audio', 'resample.ts'),
      room('video', 'color.ts'),
      room('calls', 'latency.ts'),
      room('fleet', 'fleet.ts'),
      room('rooms', 'join.ts'),
      room('voice', 'detectors.ts'),
    ],
    [room('runner', 'main.ts')],
  ),
];
