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
  for (const one of levels.flat()) if (one.files === '') one.files = `${not}[^/]+\\.ts$`;
  return { folder, levels };
}

/** @type {House[]} */
export const houses = [
  house(
    'packages/core/src',
    [files('errors', 'errors|check-keys', 'errors.ts')],
    [room('time', 'clock.ts')],
    [room('media', 'frame.ts')],
    [
      room('kernels', 'index.ts', { media: '(?:audio|color|video)-format|channel-layout' }),
      room('operators', 'operator.ts'),
    ],
    [room('node', 'define-node.ts')],
    [room('runtime', 'runtime.ts')],
    [room('graph', 'graph.ts')],
    [room('sync', 'sync-group.ts'), room('worker', 'in-worker.ts'), room('testing', 'index.ts')],
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
    'packages/nodes/src',
    [files('errors', 'errors')],
    [room('kernels', 'audio/gain-ramp.ts')],
    [room('options', 'check-option.ts')],
    [room('formats', 'frame-timeline.ts')],
    [room('flow', 'pace.ts')],
    [room('audio', 'gain.ts'), room('video', 'scale.ts')],
    [room('sources', 'live-source.ts'), room('sinks', 'to-frames.ts')],
    [rest('index')],
  ),
  house(
    'packages/transport/src',
    [files('ground', 'errors|logger|event-emitter')],
    [room('host', 'media-host.ts')],
    [room('devices', 'registry.ts'), room('room', 'driver.ts')],
    [room('call', 'call-client.ts')],
    [room('graph', 'from-speaker.ts')],
    [room('testing', 'index.ts')],
    [files('daily', 'daily')],
    [rest('index')],
  ),
];
