import { sleep } from '@sluice/core';
import { defineVoiceModel, type LanguageModel, type Message, type ReplyRequest, RequestLine } from '@sluice/core/voice';
import type { FaultPlan } from './fault-plan.ts';

/** Never settles before the session is over. */
export const never = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

/** Numbers words, each once. */
export function wordCounter(): () => string {
  let count = 0;
  return () => String(++count).padStart(4, '0');
}

/** A model that answers what it was told last with numbered words of its own, each number once, and fails as planned. */
export function faultyLanguageModel(
  plan: FaultPlan,
  told: (messages: readonly Message[]) => void,
  nextWord = wordCounter(),
): LanguageModel<object> {
  const words = (many: number) => Array.from({ length: many }, () => `w${nextWord()}`).join(' ');
  return defineVoiceModel({
    kind: 'language-model',
    name: `${plan.name}-mind`,
    latencyMs: 50,
    settings: {},
    start: async ({ clock, emit, signal, fail }) => {
      await plan.checkOpening('mind', { clock, signal });
      const line = new RequestLine<ReplyRequest>({ signal, fail }, async ({ id, epoch, messages }, cancelled) => {
        const say = (text: string) => emit({ type: 'text', id, epoch, text });
        let calls = 0;
        const call = (name: string) =>
          emit({ type: 'tool-call', id, epoch, callId: `${id}c${++calls}`, name, arguments: {} });
        const finish = () => emit({ type: 'finished', id, epoch });
        const answer = () => {
          const last = messages.findLast(({ role }) => role === 'user')?.text ?? '';
          say(`To ${last.split(' ').at(-1)} `);
          say(`${words(3)}. ${words(2)}`);
          say(` ${words(1)}.`);
          finish();
        };
        told(messages);
        await sleep(clock, 50, cancelled);
        if (messages.at(-1)?.role === 'tool' && plan.mind[0] !== 'tool-loop') return answer();
        const fault = plan.mind[0] === 'tool-loop' && plan.mind.length === 1 ? plan.mind[0] : plan.mind.shift();
        switch (fault) {
          case undefined:
            return answer();
          case 'slow':
            await sleep(clock, 2_500, cancelled);
            return answer();
          case 'dead':
            return never(cancelled);
          case 'half':
            say(`${words(2)}. ${words(1)} hal`);
            return never(cancelled);
          case 'half-lost':
            say(`${words(2)}. ${words(1)} hal`);
            return fail(new Error('lost in half a word'));
          case 'flood':
            for (let token = 0; token < 10_000; token++) say(token % 10 === 9 ? 'flood. ' : 'flood ');
            return finish();
          case 'nothing':
            return finish();
          case 'blank':
            say(' ... ');
            return finish();
          case 'tool-hangs':
            call('hangs');
            return finish();
          case 'tool-throws':
            call('throws');
            return finish();
          case 'tool-loop':
            call('works');
            return finish();
          case 'tool-unknown':
            call('unheard-of');
            return finish();
          case 'tool-arguments':
            call('exact');
            return finish();
          case 'tool-progress':
            call('tells');
            return finish();
          case 'tool-later':
            call('later');
            return finish();
          case 'tool-forgotten':
            call('forgets');
            return finish();
          case 'tools':
            for (const name of ['works', 'throws', 'hangs', 'later', 'unheard-of']) call(name);
            return finish();
          case 'late':
            // What it tells after it was given up is told in the name of the present as well.
            await sleep(clock, 1_500);
            say(`${words(2)}.`);
            emit({ type: 'text', id, epoch: Number.MAX_SAFE_INTEGER, text: ` ${words(2)}.` });
            return finish();
          case 'lost':
            return fail(new Error('lost'));
          case 'failed':
            return emit({ type: 'failed', id, epoch, error: new Error('no answer') });
          case 'throws':
            throw new Error('thrown');
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
