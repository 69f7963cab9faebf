import { CallClient } from '../../src/call/call-client.ts';
import type { SubscriptionState } from '../../src/room/driver.ts';
import { type Heard, Listener } from './listener.ts';
import { createTestDevices } from './test-devices.ts';

const devices = createTestDevices();
const client = new CallClient({ devices });
const listeners = new Map<string, Listener>();
const events: string[] = [];
let take: (() => Promise<void>) | undefined;

client.on('participant-joined', ({ participant }) => events.push(`joined ${participant.id}`));
client.on('participant-left', ({ participant, leftReason }) => events.push(`left ${participant.id} ${leftReason}`));
client.on('call-state-updated', ({ state }) => events.push(`state ${state}`));
client.on('network-connection', (change) => events.push(`${change.kind} ${change.state}`));
client.on('active-speaker-changed', ({ participant }) => events.push(`speaker ${participant?.id}`));
client.on('error', ({ error }) => events.push(`error ${error.code} ${error.message}`));

/** What the test may ask of this process. */
const commands = {
  join: async (url: string, microphone: string | false, userName = '') => {
    client.setUserName(userName);
    const input = microphone === false ? false : { isEnabled: true, settings: { deviceId: microphone } };
    await client.join(url, { clientSettings: { inputs: { microphone: input } } });
    return client.participants().local.id;
  },
  /** Joins as a bot of a job, which stands by until `takePlace`. */
  standBy: async (url: string, microphone: string, revision: number) => {
    const input = { isEnabled: true, settings: { deviceId: microphone } };
    const onBegin = (begin: () => Promise<void>) => {
      take = begin;
    };
    const lease = { job: 'greeter', revision, onBegin };
    await client.join(url, { lease, clientSettings: { inputs: { microphone: input } } });
    return client.participants().local.id;
  },
  takePlace: async () => take?.(),
  leave: () => client.leave(),
  release: () => client.release(),
  microphone: (isEnabled: boolean) => client.updateInputs({ microphone: isEnabled }),
  addTrack: (name: string, id: string) => client.addCustomAudioTrack(name, { id }),
  removeTrack: (name: string) => client.removeCustomAudioTrack(name),
  subscribe: (state: SubscriptionState) => client.updateSubscriptionProfiles({ base: { microphone: state } }),
  listen: async (participantId: string, audioSource = 'microphone') => {
    const listener = new Listener();
    listeners.set(`${participantId}/${audioSource}`, listener);
    client.setAudioRenderer(participantId, (_, frame) => listener.take(frame), { audioSource });
  },
  heard: async (participantId: string, audioSource = 'microphone'): Promise<Heard | undefined> =>
    listeners.get(`${participantId}/${audioSource}`)?.heard,
  resetGap: async (participantId: string) => listeners.get(`${participantId}/microphone`)?.resetGap(),
  participants: async () => client.participants(),
  state: async () => client.callState,
  events: async () => events.splice(0),
  packetsReceived: async () => (await client.networkStats()).packetsReceived,
  stats: () => client.networkStats(),
} as const;
export type PeerCommands = typeof commands;

process.on('message', async ({ id, name, args }: { id: number; name: keyof PeerCommands; args: never[] }) => {
  try {
    const command = commands[name] as (...args: never[]) => Promise<unknown>;
    process.send?.({ id, value: await command(...args) });
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    process.send?.({ id, error: { code, message } });
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
