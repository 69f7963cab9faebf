import { defineVoiceModel, RequestLine, type SpeechRequest, type SynthesizerEvent } from '@sluice/core/voice';
import { type LocalService, serviceChecks, startService } from '@sluice/service/testing';
import { describe, expect, it } from 'vitest';

const secret = { name: 'apiKey', value: 'a-key-of-the-tests-0123456789' };

/** Asks as one does without thinking of what may go wrong: any answer is sound, and nothing is ever cancelled. */
function careless({ url }: LocalService) {
  return defineVoiceModel<'synthesizer', object>({
    kind: 'synthesizer',
    name: 'careless',
    produces: { sampleRate: 16_000, channels: 1 },
    latencyMs: 0,
    words: false,
    settings: {},
    start: (context) => {
      const line = new RequestLine<SpeechRequest>(context, async ({ id, epoch }) => {
        try {
          const headers = { authorization: context.secrets.apiKey ?? '' };
          const answer = await fetch(`${url}/speak`, { method: 'POST', headers });
          const bytes = new Uint8Array(await answer.arrayBuffer());
          context.emit({ type: 'audio', id, epoch, samples: new Int16Array(bytes), sampleRate: 16_000, channels: 1 });
          context.emit({ type: 'finished', id, epoch });
        } catch (error) {
          context.emit({ type: 'failed', id, epoch, error: error as Error });
        }
      });
      return {
        write: (request) => line.add(request),
        flush: () => line.idle(),
        onCancel: (epoch) => line.cancel(epoch),
      };
    },
  });
}

describe('serviceChecks', () => {
  it('find what a careless model does not do', async () => {
    const checks = serviceChecks<LocalService, SpeechRequest, SynthesizerEvent>({
      service: 'Example',
      secret,
      start: () =>
        startService({
          requests: {
            'POST /speak': async (request) => {
              request.begin('audio/pcm');
              await request.write(new Uint8Array(1_000));
              await request.end();
            },
          },
        }),
      make: careless,
      items: (epoch) => [{ id: `${epoch}`, epoch, text: 'hello' }],
      told: (event) => (event.type === 'audio' ? event.samples.length : event.type),
      asks: true,
      flood: 100_000,
    });
    // What waits for ever is waited for by the checks, which takes long.
    const quick = checks.filter(({ name, applies }) => applies === true && !/wait for ever|stops|gives its/.test(name));
    const found = await Promise.all(
      quick.map(({ name, run }) =>
        run().then(
          () => [] as string[],
          () => [name],
        ),
      ),
    );
    const passed = quick.map(({ name }) => name).filter((name) => !found.flat().includes(name));
    expect(passed).toEqual(['answers what comes after an answer that was cut', 'reads an answer that is cut anywhere']);
  });
});
