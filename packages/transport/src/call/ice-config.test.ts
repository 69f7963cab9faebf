import { describe, expect, test } from 'vitest';
import { checkIceConfig, type IceConfig } from './ice-config.ts';

const secret = { username: 'ada', credential: 'hidden-secret' };
const messageOf = (config: unknown): string => {
  try {
    checkIceConfig(config as IceConfig);
  } catch (error) {
    expect(error).toMatchObject({ code: 'SLUICE_INVALID_ARGUMENT' });
    return (error as Error).message;
  }
  return 'taken';
};
const withUrl = (urls: unknown) => messageOf({ iceServers: [{ urls, ...secret }] });

test('null is no servers, and what is right is taken as it is', () => {
  expect(checkIceConfig(null)).toEqual({});
  const iceServers = [{ urls: 'stun:stun.example.org' }, { urls: ['turn:192.0.2.1:3478?transport=tcp'], ...secret }];
  expect(checkIceConfig({ placement: 'replace', iceServers, iceTransportPolicy: 'relay' })).toEqual({
    iceServers: [{ urls: ['stun:stun.example.org'] }, iceServers[1]],
    iceTransportPolicy: 'relay',
  });
});

test.each([
  'stun:localhost',
  'stuns:stun.example.org:5349',
  'TURN:turn.example.org?transport=UDP',
  'turns:turn.example.org:443?transport=tcp',
  'turn:[2001:db8::1]:3478',
  'stun:[::1]',
])('%s is taken', (url) => {
  expect(withUrl(url)).toBe('taken');
});

describe('what is refused', () => {
  test.each([
    'http://turn.example.org',
    'turn://turn.example.org',
    'turn:',
    'turn.example.org',
    'turn:host:0',
    'turn:host:65536',
    'turn:host:port',
    'turn:2001:db8::1',
    'turn:[192.0.2.1]',
    'turn:[fe80::1',
    'turn:300.1.1.1',
    'turn:127.1',
    'turn:-a',
    'turn:a b',
    'turn:host?transport=sctp',
    'turn:host?foo=bar',
    'stun:host?transport=udp',
    'turns:host?transport=udp',
    '',
    7,
    [],
    [null],
    null,
  ])('%j', (urls) => {
    expect(withUrl(urls)).toContain('iceConfig.iceServers[0].urls');
  });

  test('keys that there are not, by name', () => {
    expect(messageOf({ ice_servers: [] })).toContain('did you mean iceServers?');
    expect(messageOf({ iceServers: [{ url: 'stun:a' }] })).toContain('did you mean urls?');
    expect(messageOf({ iceServers: [{ urls: 'stun:a', user_name: 'a' }] })).toContain('did you mean username?');
    expect(messageOf({ iceServers: [], iceTransportPolicy: 'none' })).toContain('iceTransportPolicy');
    expect(messageOf({ iceServers: [], placement: 'middle' })).toContain('placement');
    expect(messageOf({})).toContain('iceServers');
    expect(messageOf([])).toContain('iceConfig');
    expect(messageOf(undefined)).toContain('iceConfig');
  });

  test('TURN without credentials, a relay without TURN, and too many', () => {
    expect(messageOf({ iceServers: [{ urls: 'turn:a' }] })).toContain('iceServers[0].username');
    expect(messageOf({ iceServers: [{ urls: 'turn:a', username: 'ada' }] })).toContain('for turn:a');
    expect(messageOf({ iceServers: [{ urls: 'turn:a', username: 'ada', credential: '' }] })).toContain('credential');
    expect(messageOf({ iceServers: [{ urls: 'stun:a' }], iceTransportPolicy: 'relay' })).toContain('turns:');
    expect(messageOf({ iceServers: [{ urls: Array(17).fill('stun:a') }] })).toContain('at most 16');
  });

  test('no message holds a credential', () => {
    expect(withUrl('turn:ada:hidden-secret@host')).not.toContain('hidden');
    expect(withUrl('turn:host:0')).not.toContain('hidden');
    expect(messageOf({ iceServers: [{ urls: 'turn:a', username: 'a', credential: ['hidden'] }] })).not.toContain(
      'hidden',
    );
    expect(messageOf({ iceServers: [{ urls: 'turn:a', credential: 'hidden' }] })).not.toContain('hidden');
  });
});
