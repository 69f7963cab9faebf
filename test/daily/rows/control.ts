import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Section } from '../row.ts';
import { code, idOf } from '../world.ts';

/** Daily-api 1.7: others, messages, services. */
export const control: Section = {
  title: 'CallClient: others, messages, services',
  rows: [
    {
      daily: 'update_remote_participants(remote_participants, completion=None)',
      sluice: 'await client.updateRemoteParticipants({ [id]: { permissions, inputsEnabled } }, completion?)',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const owner = await world.owner();
        const of = () => owner.participants()[idOf(ada)]?.media.microphone;
        await until(() => of()?.state === 'playable');
        await owner.updateRemoteParticipants({ [idOf(ada)]: { inputsEnabled: { microphone: false } } });
        await until(() => !ada.inputs().microphone.isEnabled);
        await until(() => of()?.state === 'off');
        expect(of()?.offReasons).toContain('remoteMute');
        await owner.updateRemoteParticipants({ [idOf(ada)]: { permissions: { canSend: [] } } });
        await until(() => ada.participants().local.info.permissions.canSend.length === 0);
        const mute = ada.updateRemoteParticipants({ [idOf(owner)]: { inputsEnabled: { microphone: false } } });
        await expect(mute).rejects.toThrow(code('SLUICE_ROOM_DENIED'));
      },
    },
    {
      daily: 'eject_remote_participants(ids, completion=None)',
      sluice: 'await client.ejectRemoteParticipants(ids, completion?)',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined();
        const grace = await world.joined();
        const owner = await world.owner();
        const reasons: string[] = [];
        grace.on('participant-left', ({ leftReason }) => reasons.push(leftReason));
        await expect(grace.ejectRemoteParticipants([idOf(ada)])).rejects.toThrow(code('SLUICE_ROOM_DENIED'));
        await owner.ejectRemoteParticipants([idOf(ada)]);
        await until(() => ada.callState === 'left' && reasons.length === 1);
        expect(reasons).toEqual(['removed']);
      },
    },
    {
      daily: 'update_permissions(permissions, completion=None)',
      sluice: 'await client.updatePermissions(permissions, completion?)',
      verdict: 'same',
      check: async (world) => {
        const owner = await world.owner();
        await owner.updatePermissions({ canSend: ['microphone'] });
        await until(() => owner.participants().local.info.permissions.canSend.length === 1);
        const ada = await world.joined();
        const more = ada.updatePermissions({ canAdmin: ['participants'] });
        await expect(more).rejects.toThrow(code('SLUICE_ROOM_DENIED'));
      },
    },
    {
      daily: 'send_app_message(message, participant_id=None, completion=None)',
      sluice: 'await client.sendAppMessage(message, participantId?, completion?)',
      verdict: 'better',
      note: 'In order; what is sent before the call is joined is sent then; the limit of 4 KiB is stated and checked.',
      check: async (world) => {
        const ada = await world.joined();
        const grace = await world.joined();
        const heard: unknown[] = [];
        ada.on('app-message', ({ message, from }) => heard.push([message, from === idOf(grace)]));
        await grace.sendAppMessage({ hello: 'all' });
        await grace.sendAppMessage('you', idOf(ada));
        await until(() => heard.length === 2);
        expect(heard).toEqual([
          [{ hello: 'all' }, true],
          ['you', true],
        ]);
        const early = world.client();
        const sent = early.sendAppMessage('before joining');
        await early.join(world.url);
        await sent;
        await until(() => heard.length === 3);
        await expect(grace.sendAppMessage(null as never)).rejects.toThrow(TypeError);
        await expect(grace.sendAppMessage('x'.repeat(5_000))).rejects.toThrow(/4096|4,096/);
        await expect(grace.sendAppMessage('x', 'nobody')).rejects.toThrow(/participantId/);
      },
    },
    {
      daily: 'send_prebuilt_chat_message(message, user_name=None, completion=None)',
      sluice: 'await client.sendPrebuiltChatMessage(message, userName?, completion?)',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined();
        const grace = await world.joined({ userName: 'Grace' });
        const said: unknown[] = [];
        ada.on('chat-message', ({ text, userName }) => said.push([text, userName]));
        await grace.sendPrebuiltChatMessage('hello');
        await grace.sendPrebuiltChatMessage('beep', 'a bot');
        await until(() => said.length === 2);
        expect(said).toEqual([
          ['hello', 'Grace'],
          ['beep', 'a bot'],
        ]);
      },
    },
    {
      daily: 'start_recording(streaming_settings=None, stream_id=None, force_new=None, completion=None)',
      sluice: 'await client.startRecording({ streamingSettings, streamId, forceNew }, completion?)',
      verdict: 'better',
      note: 'The room’s own recorder: one WAV per participant on one timeline, a mix, video as a grid.',
      check: async (world) => {
        const ada = await world.joined();
        await expect(ada.startRecording()).rejects.toThrow(code('SLUICE_ROOM_DENIED'));
        const owner = await world.owner();
        const told: string[] = [];
        ada.on('recording-started', ({ status }) => told.push(status.streamId));
        const streamId = await owner.startRecording({ streamingSettings: { layout: { preset: 'audio-only' } } });
        await until(() => told.length === 1);
        expect(told).toEqual([streamId]);
        await owner.stopRecording({ streamId });
      },
    },
    {
      daily: 'stop_recording(stream_id=None), update_recording(update_settings, stream_id=None, completion=None)',
      sluice: 'await client.stopRecording({ streamId }), updateRecording(settings, { streamId })',
      verdict: 'same',
      check: async (world) => {
        const owner = await world.owner();
        const ada = await world.joined();
        const told: string[] = [];
        ada.on('recording-stopped', ({ streamId }) => told.push(streamId));
        const streamId = await owner.startRecording();
        await owner.updateRecording({ layout: { preset: 'active-speaker' } }, { streamId });
        await owner.stopRecording({ streamId });
        await until(() => told.length === 1);
        await expect(owner.stopRecording({ streamId })).rejects.toThrow(code('SLUICE_ROOM_DENIED'));
      },
    },
    {
      daily: 'start_transcription(settings=None, completion=None)',
      sluice: 'await client.startTranscription(settings?, completion?)',
      verdict: 'better',
      note: 'By whichever recogniser the room is given, offline too.',
      check: async (world) => {
        const ada = await world.joined();
        await expect(ada.startTranscription()).rejects.toThrow(code('SLUICE_ROOM_DENIED'));
        const owner = await world.owner();
        const told: unknown[] = [];
        ada.on('transcription-started', ({ status }) => told.push(status.language));
        await owner.startTranscription({ language: 'en' });
        await until(() => told.length === 1);
        expect(told).toEqual(['en']);
      },
    },
    {
      daily: 'stop_transcription(completion=None)',
      sluice: 'await client.stopTranscription(completion?)',
      verdict: 'same',
      check: async (world) => {
        const owner = await world.owner();
        let stopped: unknown;
        owner.on('transcription-stopped', (event) => {
          stopped = event;
        });
        await owner.startTranscription();
        await owner.stopTranscription();
        await until(() => stopped !== undefined);
        expect(stopped).toMatchObject({ updatedBy: idOf(owner), stoppedByError: false });
      },
    },
    {
      daily: 'update_transcription(participants=None, instance_id=None, completion=None)',
      sluice: 'await client.updateTranscription({ participants, instanceId }, completion?)',
      verdict: 'same',
      check: async (world) => {
        const owner = await world.owner();
        const told: unknown[] = [];
        owner.on('transcription-updated', ({ participants }) => told.push(participants));
        await owner.startTranscription();
        await owner.updateTranscription({ participants: [idOf(owner)] });
        await until(() => told.length === 1);
        expect(told).toEqual([[idOf(owner)]]);
        await owner.stopTranscription();
      },
    },
    {
      daily: 'send_dtmf(settings, completion=None)',
      sluice: 'await client.sendDtmf({ sessionId, tones, digitDurationMs }, completion?)',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined();
        const grace = await world.joined();
        const tones: string[] = [];
        ada.on('dtmf-event', ({ sessionId, tone }) => {
          if (sessionId === idOf(grace)) tones.push(tone);
        });
        await grace.sendDtmf({ sessionId: idOf(ada), tones: '12#', digitDurationMs: 60 });
        await until(() => tones.length === 3);
        expect(tones.join('')).toBe('12#');
      },
    },
    ...refused([
      [
        'start_live_stream_with_endpoints(endpoints, ...)',
        'startLiveStreamWithEndpoints',
        [['main']],
        'live-streaming',
      ],
      [
        'start_live_stream_with_rtmp_urls(rtmp_urls, ...)',
        'startLiveStreamWithRtmpUrls',
        [['rtmp://x/y']],
        'live-streaming',
      ],
      ['stop_live_stream(stream_id=None)', 'stopLiveStream', [], 'live-streaming'],
      ['update_live_stream(update_settings, stream_id=None)', 'updateLiveStream', [{}], 'live-streaming'],
      [
        'add_live_streaming_endpoints(endpoints, stream_id=None)',
        'addLiveStreamingEndpoints',
        [['main']],
        'live-streaming',
      ],
      [
        'remove_live_streaming_endpoints(endpoints, stream_id=None)',
        'removeLiveStreamingEndpoints',
        [['main']],
        'live-streaming',
      ],
      ['start_dialout(settings)', 'startDialout', [{ sipUri: 'sip:a@b.example' }], 'sip'],
      ['stop_dialout(participant_id)', 'stopDialout', ['x'], 'pstn'],
      ['sip_call_transfer(settings)', 'sipCallTransfer', [{ sessionId: 'x', toEndPoint: 'sip:a@b.example' }], 'sip'],
      ['sip_refer(settings)', 'sipRefer', [{ sessionId: 'x', toEndPoint: 'sip:a@b.example' }], 'sip'],
    ]),
  ],
};

type Refused = readonly [daily: string, method: string, given: readonly unknown[], capability: string];

/** What needs a service that an embedded room has not. */
function refused(list: readonly Refused[]): Section['rows'] {
  return list.map(([daily, method, given, capability]) => ({
    daily,
    sluice: `client.${method}(...)`,
    verdict: 'not-applicable',
    note: `A room of one’s own has no ${capability}: refused with SLUICE_CALL_CAPABILITY, which says what to use.`,
    check: async (world) => {
      const owner = await world.owner();
      const call = (owner as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>)[method];
      expect(call, method).toBeTypeOf('function');
      const asked = call?.apply(owner, [...given]);
      await expect(asked).rejects.toThrow(code('SLUICE_CALL_CAPABILITY'));
      await expect(asked).rejects.toThrow(new RegExp(capability));
    },
  }));
}
