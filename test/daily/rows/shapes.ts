import { Daily } from '@sluice/transport';
import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Section } from '../row.ts';
import { code, idOf } from '../world.ts';
import { settingShapes } from './setting-shapes.ts';

/** Daily-api 2: the shapes of settings and of what is told. */
export const shapes: Section = {
  title: 'Settings and shapes',
  rows: [
    ...settingShapes,
    {
      daily: 'join result: { meetingSession: { id }, participants }',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const client = world.client();
        const result = await client.join(world.url);
        expect(Object.keys(result).sort()).toEqual(['meetingSession', 'participants']);
        expect(result.participants).toEqual(client.participants());
      },
    },
    {
      daily: 'Participant: { id, info: { isLocal, isOwner, joinedAt, permissions, userId, userName }, media }',
      sluice: 'The same, with info.userData, and customAudio and customVideo by name in media',
      verdict: 'better',
      note: 'User data, at most 4 KiB of JSON, is told to all.',
      check: async (world) => {
        const ada = await world.joined({ userName: 'Ada', userData: { seat: 7 } });
        const owner = await world.owner();
        const { info } = owner.participants()[idOf(ada)]!;
        expect(info).toMatchObject({ isLocal: false, isOwner: false, userName: 'Ada', userData: { seat: 7 } });
        expect(Number.isNaN(Date.parse(info.joinedAt))).toBe(false);
        const { permissions, isOwner } = owner.participants().local.info;
        expect(isOwner).toBe(true);
        expect([...permissions.canAdmin].sort()).toEqual(['participants', 'streaming', 'transcription']);
      },
    },
    {
      daily:
        'media state: receivable, playable, loading, interrupted, blocked, off; offReasons: user, bandwidth, sendPermission, receivePermission, remoteMute',
      sluice: 'The same but blocked, which is a browser’s',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const owner = await world.owner();
        const of = () => owner.participants()[idOf(ada)]?.media.microphone;
        await until(() => of()?.state === 'playable');
        await owner.updateRemoteParticipants({ [idOf(ada)]: { permissions: { canSend: false } } });
        await until(() => of()?.state === 'off');
        expect(of()?.offReasons).toContain('sendPermission');
      },
    },
    {
      daily: 'permissions: { hasPresence, canSend, canReceive: { base, byUserId, byParticipantId }, canAdmin }',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const grace = await world.joined();
        const owner = await world.owner();
        await world.hears(grace, idOf(ada), 440);
        const canReceive = { byParticipantId: { [idOf(ada)]: { audio: false } } };
        await owner.updateRemoteParticipants({ [idOf(grace)]: { permissions: { canReceive } } });
        const of = () => grace.participants()[idOf(ada)]?.media.microphone;
        await until(() => of()?.state !== 'playable');
        expect(of()?.offReasons).toContain('receivePermission');
        await world.hears(owner, idOf(ada), 440);
      },
    },
    {
      daily: 'participant update: { permissions, inputsEnabled: { camera, microphone, screenShare } }',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const audio = { customTrack: { id: world.tone(550).id } };
        const inputs = { screenAudio: { isEnabled: true, settings: audio } };
        const ada = await world.joined({ clientSettings: { inputs } });
        const owner = await world.owner();
        await owner.updateRemoteParticipants({ [idOf(ada)]: { inputsEnabled: { screenShare: false } } });
        await until(() => !ada.inputs().screenAudio.isEnabled);
        const bad = { [idOf(ada)]: { inputs_enabled: {} } };
        await expect(owner.updateRemoteParticipants(bad as never)).rejects.toThrow(/inputsEnabled/);
      },
    },
    {
      daily: 'available devices: { audio, camera, microphone, speaker } of { deviceId, groupId, kind, label }',
      sluice: 'client.availableDevices(): the same',
      verdict: 'same',
      check: (world) => {
        const { name } = Daily.createSpeakerDevice(world.name());
        const { speaker, microphone } = world.client().availableDevices();
        expect(speaker).toContainEqual(expect.objectContaining({ deviceId: name, kind: 'audiooutput', label: name }));
        expect(microphone.map(({ deviceId }) => deviceId)).not.toContain(name);
      },
    },
    {
      daily:
        'network stats: { threshold, previousThreshold, quality, stats: { latest: {...}, worstVideoReceivePacketLoss, worstVideoSendPacketLoss } }',
      sluice: 'The same, beside figures of its own',
      verdict: 'better',
      note: 'Of an interval; a muted side is not a bad network.',
      check: async (world) => {
        const client = await world.joined();
        const { threshold, previousThreshold, quality, stats } = await client.networkStats();
        expect({ threshold, previousThreshold, quality }).toEqual({
          threshold: 'good',
          previousThreshold: 'good',
          quality: 100,
        });
        expect(Object.keys(stats.latest).sort()).toEqual([
          'receiveBitsPerSecond',
          'sendBitsPerSecond',
          'timestamp',
          'totalRecvPacketLoss',
          'totalSendPacketLoss',
          'videoRecvBitsPerSecond',
          'videoRecvPacketLoss',
          'videoSendBitsPerSecond',
          'videoSendPacketLoss',
        ]);
        expect(stats).toMatchObject({ worstVideoReceivePacketLoss: 0, worstVideoSendPacketLoss: 0 });
      },
    },
    {
      daily:
        'transcription settings: { language, model, tier, profanity_filter, redact, punctuate, endpointing, extra, includeRawResponse }',
      sluice: 'The same, and participants',
      verdict: 'same',
      check: async (world) => {
        const owner = await world.owner();
        const settings = { language: 'en', profanity_filter: true, endpointing: 300, extra: { beam: 4 } };
        await owner.startTranscription(settings);
        await owner.stopTranscription();
        await expect(owner.startTranscription({ langauge: 'en' } as never)).rejects.toThrow(/language/);
      },
    },
    {
      daily:
        'recording settings: { video: { width, height, fps, backgroundColor, bitrate }, audio: { bitrate }, maxDuration, layout }',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const owner = await world.owner();
        const video = { width: 320, height: 180, fps: 10, backgroundColor: '#102030' };
        const streamId = await owner.startRecording({ streamingSettings: { video, maxDuration: 60 } });
        await owner.stopRecording({ streamId });
        const bad = { streamingSettings: { video: { width: -1 } } };
        await expect(owner.startRecording(bad)).rejects.toThrow(/width/);
      },
    },
    {
      daily: 'recording status: { layout, recordingId, startedBy, streamId }',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const owner = await world.owner();
        const told = new Promise<object>((resolve) => {
          owner.on('recording-started', ({ status }) => resolve(status));
        });
        const layout = { preset: 'audio-only' } as const;
        const streamId = await owner.startRecording({ streamingSettings: { layout } });
        expect(await told).toMatchObject({ layout, startedBy: idOf(owner), streamId });
        await owner.stopRecording({ streamId });
      },
    },
    {
      daily: 'DTMF: { sessionId, tones, method, digitDurationMs }',
      sluice: 'The same; method auto alone: a room has no telephone line',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined();
        const grace = await world.joined();
        const sent = grace.sendDtmf({ sessionId: idOf(ada), tones: '12x' });
        await expect(sent).rejects.toThrow(/tones/);
        const byPhone = grace.sendDtmf({ sessionId: idOf(ada), tones: '1', method: 'sip-info' });
        await expect(byPhone).rejects.toThrow(code('SLUICE_CALL_CAPABILITY'));
      },
    },
    {
      daily: 'ICE config: { placement: replace, back or front, iceServers: [{ urls, username, credential }] }',
      sluice: 'The same, and iceTransportPolicy',
      verdict: 'better',
      note: 'Relay alone can be asked for; a server that refuses is told.',
      check: async (world) => {
        const client = world.client();
        const iceServers = [{ urls: ['stun:127.0.0.1:9', 'stun:[::1]:9'] }];
        for (const placement of ['replace', 'back', 'front'] as const)
          await client.setIceConfig({ placement, iceServers });
        await expect(client.setIceConfig({ placement: 'first', iceServers } as never)).rejects.toThrow(/placement/);
        await expect(client.setIceConfig({ ice_servers: iceServers } as never)).rejects.toThrow(/iceServers/);
      },
    },
  ],
};
