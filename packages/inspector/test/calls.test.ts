import { graph } from '@sluice/core';
import { CallClient, Daily, startRoomServer } from '@sluice/transport';
import { expect, it, onTestFinished } from 'vitest';
import { type InspectedCall, inspector } from '../src/index.ts';
import { fakeCall } from './fake-call.ts';
import { Looker } from './looker.ts';

/** What a call tells of itself is what is told of it: of a double as of a real one. */
async function expectTold(call: InspectedCall, name: string, members: readonly string[]): Promise<void> {
  await using open = await inspector(graph('in a call'), { runFile: false });
  const hide = open.addCall(call, { name });
  const looker = await Looker.open(open);
  const { calls } = await looker.next('calls');
  const [told] = calls;
  expect(told).toMatchObject({ name, state: call.callState, threshold: call.getNetworkStats().threshold });
  expect(told!.members.map((member) => member.name)).toEqual(members);
  expect(told!.members.map(({ id }) => id)).toEqual(Object.values(call.participants()).map(({ id }) => id));
  for (const [name, value] of Object.entries(call.getNetworkStats())) {
    const words = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
    const isTold = value === null || ['number', 'string'].includes(typeof value) || words;
    expect(Object.hasOwn(told!.network, name), name).toBe(isTold);
  }
  const microphone = told!.members[0]!.tracks.find((track) => track.name === 'microphone');
  expect(microphone?.state).toBe(Object.values(call.participants())[0]!.media.microphone.state);
  hide();
  await looker.next('calls', (message) => message.calls.length === 0);
  looker.close();
}

it('tells who is in a call, and what its network does', async () => {
  await expectTold(fakeCall(), 'double', ['Talk bot', 'Ada', 'Grace']);
  Daily.init();
  onTestFinished(() => Daily.deinit());
  await using server = await startRoomServer();
  const client = new CallClient();
  client.setUserName('Nobody yet');
  await client.join(server.roomUrl('inspected'));
  await expectTold(client, 'real', ['Nobody yet']);
  await client.leave();
  await client.release();
});

it('tells the ways of a real call, and addresses only where more than numbers may be told', async () => {
  Daily.init({ mediaHost: 'in-process' });
  onTestFinished(() => Daily.deinit());
  await using server = await startRoomServer();
  Daily.createMicrophoneDevice('mic');
  const [ada, grace] = [new CallClient(), new CallClient()];
  const inputs = { microphone: { isEnabled: true, settings: { deviceId: 'mic' } } };
  for (const client of [ada, grace]) await client.join(server.roomUrl('ways'), { clientSettings: { inputs } });
  for (const media of [true, false]) {
    await using open = await inspector(graph('in a call'), { media, runFile: false });
    open.addCall(ada);
    const looker = await Looker.open(open);
    const { calls } = await looker.next('calls', ({ calls: [one] }) => one!.paths!.length > 0);
    const [told] = calls[0]!.paths!;
    const { paths } = ada.getNetworkStats();
    expect(paths).toHaveLength(1);
    expect(told).toMatchObject({ protocol: 'udp', relayed: false, local: { type: paths[0]!.local.type } });
    expect([told!.local.address, told!.local.port]).toEqual(
      media ? [paths[0]!.local.address, paths[0]!.local.port] : ['', 0],
    );
    if (!media) expect(JSON.stringify(calls)).not.toContain(paths[0]!.local.address);
    expect(paths[0]!.local.address).not.toBe('');
    looker.close();
  }
  for (const client of [ada, grace]) await client.release();
});

it('says of a call that cannot be asked any more why', async () => {
  const client = new CallClient();
  await client.release();
  await using open = await inspector(graph('after a call'), { runFile: false });
  open.addCall(client);
  const looker = await Looker.open(open);
  const { calls } = await looker.next('calls');
  expect(calls[0]).toMatchObject({ name: 'call', members: [], fault: expect.stringMatching(/released/) });
  expect(() => open.addCall({} as never)).toThrow(TypeError);
  expect(() => open.addCall(client, { title: 'x' } as never)).toThrow(TypeError);
  looker.close();
});

it('finds the calls of the process where that is asked for, until they are released', async () => {
  Daily.init();
  onTestFinished(() => Daily.deinit());
  await using server = await startRoomServer();
  await using open = await inspector(graph('asked'), { calls: true, runFile: false });
  const looker = await Looker.open(open);
  const client = new CallClient();
  await client.join(server.roomUrl('found'));
  const told = await looker.next('calls', ({ calls }) => calls[0]?.state === 'joined');
  expect(told.calls).toHaveLength(1);
  await client.leave();
  await client.release();
  await looker.next('calls', ({ t, calls }) => t > told.t && calls.length === 0);
  looker.close();
});
