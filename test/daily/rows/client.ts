import { CallClient } from '@sluice/transport';
import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Section } from '../row.ts';
import { code, idOf } from '../world.ts';

/** Daily-api 1.7: the client's life, what it sends and what it receives. */
export const client: Section = {
  title: 'CallClient',
  rows: [
    {
      daily: 'CallClient(event_handler=None)',
      sluice: 'new CallClient({ devices, clock }); client.on(event, listener)',
      verdict: 'better',
      note: 'Any number of listeners, an unknown event is refused with the nearest name, and waiting inside a handler never deadlocks.',
      check: async (world) => {
        const client = world.client();
        const told: string[] = [];
        let nested: Promise<unknown> | undefined;
        client.on('call-state-updated', ({ state }) => {
          told.push(state);
          if (state === 'joined') nested = client.updateInputs({ microphone: false }).then(() => client.leave());
        });
        await client.join(world.url);
        await nested;
        expect(told).toEqual(['joining', 'joined', 'leaving', 'left']);
        expect(() => client.on('participant-join' as 'error', () => {})).toThrow(/participant-joined/);
      },
    },
    {
      daily: 'release()',
      sluice: 'await client.release(), or await using',
      verdict: 'same',
      check: async (world) => {
        const client = new CallClient();
        const joining = client.join(world.url);
        await client.release();
        await joining;
        expect(client.callState).toBe('left');
        await expect(client.release()).rejects.toThrow(code('SLUICE_CALL_RELEASED'));
        expect(() => client.participants()).toThrow(code('SLUICE_CALL_RELEASED'));
      },
    },
    {
      daily: 'join(meeting_url, meeting_token=None, client_settings=None, completion=None)',
      sluice: 'await client.join(url, { token, userName, clientSettings }, completion?)',
      verdict: 'better',
      note: 'With a time limit and a signal; typed errors say why it failed and what to do.',
      check: async (world) => {
        const client = world.client();
        const told: unknown[] = [];
        const result = await client.join(world.url, { userName: 'Ada' }, (data, error) => told.push(data, error));
        expect(result.meetingSession.id).toMatch(/^[0-9a-f-]{36}$/);
        expect(result.participants.local.info.userName).toBe('Ada');
        expect(told).toEqual([result, null]);
        const positional = world.client().join(world.url, 'a-token' as never);
        await expect(positional).rejects.toThrow(/\{ token \}/);
      },
    },
    {
      daily: 'leave(completion=None)',
      sluice: 'await client.leave(completion?)',
      verdict: 'better',
      note: 'Waits up to 250 ms for the last word to be heard. Safe in every state.',
      check: async (world) => {
        const client = await world.joined();
        const told: unknown[] = [];
        await client.leave((error) => told.push(error));
        await client.leave();
        expect(told).toEqual([null]);
        await client.join(world.url);
        expect(client.callState).toBe('joined');
      },
    },
    {
      daily: 'set_user_name(user_name)',
      sluice: 'client.setUserName(userName)',
      verdict: 'same',
      check: async (world) => {
        const ada = world.client();
        ada.setUserName('Ada');
        await ada.join(world.url);
        const grace = await world.joined();
        expect(grace.participants()[idOf(ada)]?.info.userName).toBe('Ada');
        ada.setUserName('Countess');
        await until(() => grace.participants()[idOf(ada)]?.info.userName === 'Countess');
      },
    },
    {
      daily: 'active_speaker()',
      sluice: 'client.activeSpeaker()',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const grace = await world.joined();
        await until(() => grace.activeSpeaker()?.id === idOf(ada));
      },
    },
    {
      daily: 'participants()',
      sluice: 'client.participants()',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined({ userName: 'Ada' });
        const grace = await world.joined({ userName: 'Grace' });
        await until(() => Object.keys(ada.participants()).length === 2);
        const { local, [idOf(grace)]: remote } = ada.participants();
        expect(local.info).toMatchObject({ isLocal: true, isOwner: false, userName: 'Ada' });
        expect(local.info.permissions).toMatchObject({ hasPresence: true });
        expect(remote?.info).toMatchObject({ isLocal: false, userName: 'Grace' });
        expect(remote?.media.microphone).toEqual({ subscribed: 'subscribed', state: 'off', offReasons: ['user'] });
      },
    },
    {
      daily: 'participant_counts()',
      sluice: 'client.participantCounts()',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined();
        expect(ada.participantCounts()).toEqual({ present: 1, hidden: 0 });
        const grace = await world.owner();
        await until(() => ada.participantCounts().present === 2);
        await grace.updatePermissions({ hasPresence: false });
        await until(() => ada.participantCounts().hidden === 1);
        expect(ada.participantCounts()).toEqual({ present: 1, hidden: 1 });
      },
    },
    {
      daily: 'inputs(), update_inputs(input_settings, completion=None)',
      sluice: 'client.inputs(), await client.updateInputs(inputs, completion?)',
      verdict: 'same',
      check: async (world) => {
        const client = await world.joined();
        const customTrack = { id: world.tone(440).id };
        await client.updateInputs({ microphone: { isEnabled: true, settings: { customTrack } } });
        expect(client.inputs().microphone).toEqual({ isEnabled: true, settings: { customTrack } });
        await client.updateInputs({ microphone: false });
        expect(client.inputs().microphone).toMatchObject({ isEnabled: false, settings: { customTrack } });
      },
    },
    {
      daily: 'publishing(), update_publishing(publishing_settings, completion=None)',
      sluice: 'client.publishing(), await client.updatePublishing(publishing, completion?)',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const grace = await world.joined();
        const of = () => grace.participants()[idOf(ada)]?.media.microphone.state;
        await until(() => of() === 'playable');
        await ada.updatePublishing({ microphone: false });
        expect(ada.publishing().microphone.isPublishing).toBe(false);
        await until(() => of() === 'off');
        // Right after the inputs, which the SDK once could not do.
        await Promise.all([ada.updateInputs({ microphone: true }), ada.updatePublishing({ microphone: true })]);
        await until(() => of() === 'playable');
      },
    },
    {
      daily: 'subscriptions(), update_subscriptions(participant_settings=None, profile_settings=None, completion=None)',
      sluice: 'client.subscriptions(), await client.updateSubscriptions(participants, profiles?, completion?)',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const grace = await world.joined();
        const of = () => grace.participants()[idOf(ada)]?.media.microphone;
        await until(() => of()?.state === 'playable');
        await grace.updateSubscriptions({ [idOf(ada)]: { profile: 'deaf' } }, { deaf: { microphone: 'unsubscribed' } });
        expect(grace.subscriptions()[idOf(ada)]).toMatchObject({ profile: 'deaf' });
        await until(() => of()?.subscribed === 'unsubscribed' && of()?.state === 'receivable');
        await grace.updateSubscriptions({ [idOf(ada)]: null });
        await until(() => of()?.state === 'playable');
      },
    },
    {
      daily: 'subscription_profiles(), update_subscription_profiles(profile_settings, completion=None)',
      sluice: 'client.subscriptionProfiles(), await client.updateSubscriptionProfiles(profiles, completion?)',
      verdict: 'same',
      check: async (world) => {
        const client = world.client();
        expect(client.subscriptionProfiles()).toEqual({ base: {} });
        await client.updateSubscriptionProfiles({ base: { camera: 'unsubscribed' }, quiet: { microphone: 'staged' } });
        expect(client.subscriptionProfiles()).toEqual({
          base: { camera: 'unsubscribed' },
          quiet: { microphone: 'staged' },
        });
      },
    },
  ],
};
