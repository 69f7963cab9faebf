import { SluiceError } from '@sluice/core';
import { type JanusMessage, notJanus } from './janus-message.ts';

/** The plugin that rooms are made of. */
export const VIDEO_ROOM = 'janus.plugin.videoroom';

/**
 * Looks at what a server tells of itself: Janus 1, whose VideoRoom has connections of many streams. Returns after how long without
 * a sign of life it forgets a session.
 *
 * @throws `SLUICE_ROOM_VERSION` if it is another one, or has no VideoRoom; `SLUICE_ROOM_PROTOCOL` if it is no Janus.
 */
export function checkServer(info: JanusMessage): { readonly forgetsAfterMs: number } {
  const { version, version_string: name, plugins, 'session-timeout': timeout } = info;
  if (info.janus !== 'server_info') throw notJanus('server_info at janus', said(info));
  if (typeof version !== 'number' || version < 1_000 || version >= 2_000)
    throw new SluiceError('SLUICE_ROOM_VERSION', 'the Janus server is of a version that this driver does not speak', {
      expected: 'Janus 1.1 (multistream)',
      received: typeof name === 'string' ? name : version,
      fix: 'Install Janus 1.1, as Debian 12 has it: apt-get install janus',
    });
  if (typeof plugins !== 'object' || plugins === null || !Object.hasOwn(plugins, VIDEO_ROOM))
    throw new SluiceError('SLUICE_ROOM_VERSION', 'the Janus server has no VideoRoom', {
      expected: VIDEO_ROOM,
      received: Object.keys(plugins ?? {}).join(', ') || 'no plugin',
      fix: 'Install the plugin there, and do not disable it in janus.jcfg',
    });
  return { forgetsAfterMs: typeof timeout === 'number' && timeout > 0 ? timeout * 1_000 : Number.POSITIVE_INFINITY };
}

/** Its beginning. A server that says back what it hears would have what is secret told. */
function said(message: JanusMessage): string {
  const isSecret = (key: string) => key === 'apisecret' || key === 'token';
  return JSON.stringify(message, (key, value) => (isSecret(key) ? '...' : value)).slice(0, 100);
}
