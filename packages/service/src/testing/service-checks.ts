// What has to hold for every model behind a network service, as a list of checks for any runner.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { TestFunction } from '@sluice/core/testing';
import { type ErrorCategory, isVoiceError } from '@sluice/core/voice';
import type { LocalFault } from './local-fault.ts';
import { type ServiceSubject, ServiceTrial } from './service-trial.ts';
import type { LocalService } from './start-service.ts';

/** One thing that holds for every model behind a service. */
export interface ServiceCheck {
  /** What holds, as a sentence: the name of the test. */
  readonly name: string;
  /** True, or why it does not apply. */
  readonly applies: true | string;
  /** Rejects where it does not hold. */
  readonly run: () => Promise<void>;
}

/** The checks for a model, in the order in which they are run. Each starts a server of its own. */
export function serviceChecks<L extends LocalService, Item, Event extends { readonly type: string }>(
  subject: ServiceSubject<L, Item, Event>,
): readonly ServiceCheck[] {
  const {
    service,
    secret,
    asks,
    needsKey = true,
    retries = true,
    recovers = true,
    middle = 100,
    unknown,
    malformed,
    flood,
  } = subject;
  const { asked = isAsked, stopped = isStopped } = subject;
  type Trial = ServiceTrial<L, Item, Event>;

  function check(
    name: string,
    faults: readonly LocalFault[],
    run: (trial: Trial) => Promise<void> | void,
    applies: true | string = true,
    isPatient?: boolean,
  ): ServiceCheck {
    const trying = async () => {
      await using trial = await ServiceTrial.start(subject, faults, isPatient);
      await run(trial);
    };
    return { name, applies, run: trying };
  }

  /** That it fails so, names the service, and shows the key nowhere. */
  function assertFault({ error }: Trial, categories: readonly ErrorCategory[]) {
    assert.ok(isVoiceError(error), `no VoiceError but ${inspect(error)}`);
    assert.ok(
      categories.includes(error.category),
      `${error.category} for ${categories.join(' or ')}: ${error.message}`,
    );
    assert.ok(error.message.includes(service), `the service is not named: ${error.message}`);
    assert.ok(!inspect(error, { depth: 9 }).includes(secret.value), 'the error shows the key');
    return error;
  }
  const fails = (
    name: string,
    fault: LocalFault,
    categories: readonly ErrorCategory[],
    applies: true | string = true,
  ) => check(name, repeated(fault), async (trial) => void assertFault(await trial.ask(), categories), applies);
  const same = (name: string, faults: readonly LocalFault[], applies: true | string = true) =>
    check(
      name,
      [{ type: 'none' }],
      async (trial) => {
        const expected = (await trial.ask()).answer;
        await using other = await ServiceTrial.start(subject, faults);
        await other.ask();
        assert.equal(other.error, undefined, `it failed: ${inspect(other.error)}`);
        assert.ok(expected.length > 0, 'nothing was told');
        assert.deepEqual(other.answer, expected);
      },
      applies,
    );
  /** Half an answer to a request is none. What hears may make good what it lost: it was sent the sound. */
  const breaks = (name: string, fault: LocalFault) =>
    check(name, repeated(fault), async (trial) => {
      await trial.ask();
      if (asks || trial.error !== undefined) assertFault(trial, ['retry']);
      else assert.ok(trial.answer.length > 0, 'nothing was told, and no fault');
    });

  const said = { error: { message: `Incorrect API key provided: ${secret.value}` } };
  return [
    check(
      'names the service and the secret that it refuses, and shows no key',
      repeated({ type: 'status', status: 401, body: said }),
      async (trial) => {
        const error = assertFault(await trial.ask(), ['give-up']);
        assert.ok(error.message.includes(secret.name), `the secret is not named: ${error.message}`);
        for (const shown of [inspect(trial.model, { depth: 9, showHidden: true }), JSON.stringify(trial.model)])
          assert.ok(!shown.includes(secret.value), 'the model shows the key');
      },
    ),
    check(
      'names the service and the secret that is missing',
      [],
      async ({ model }) => {
        const opened = await model.open().catch((reason: unknown) => reason);
        assert.ok(isVoiceError(opened), `no VoiceError but ${inspect(opened)}`);
        assert.equal(opened.category, 'give-up');
        for (const name of [service, secret.name])
          assert.ok(opened.message.includes(name), `${name} is not named: ${opened.message}`);
      },
      needsKey || 'it can do without',
    ),
    fails('gives up what is not there', { type: 'status', status: 404 }, ['give-up']),
    check(
      'waits for as long as it is told',
      repeated({ type: 'status', status: 429, headers: { 'retry-after': '30' } }),
      async (trial) => {
        const error = assertFault(await trial.ask(), ['wait']);
        assert.equal(error.retryAfterMs, 30_000);
      },
    ),
    fails(
      'gives up where a quota is used up',
      { type: 'status', status: 429, body: { error: { message: 'no', code: 'insufficient_quota' } } },
      ['give-up'],
    ),
    fails('says that trying again may help', { type: 'status', status: 500 }, ['retry']),
    same(
      'tries again after a fault that passes',
      [{ type: 'status', status: 500 }],
      retries || 'it leaves that to others',
    ),
    fails('says that the connection was refused', { type: 'refuse' }, ['retry']),
    fails('does not wait for ever for a connection', { type: 'mute' }, ['retry']),
    fails('does not wait for ever for an answer', { type: 'stall', afterBytes: 0 }, ['retry']),
    breaks('does not wait for ever in the middle of an answer', { type: 'stall', afterBytes: middle }),
    breaks('tells of an answer that is cut', { type: 'cut', afterBytes: middle }),
    check(
      'answers what comes after an answer that was cut',
      [{ type: 'cut', afterBytes: middle }],
      async (trial) => {
        const before = (await trial.ask()).events.length;
        const later = (await trial.ask(1)).events.slice(before);
        const failed = later.find(({ type }) => type === 'failed');
        assert.equal(failed, undefined, `the next one failed too: ${inspect(failed)}`);
        assert.ok(later.length > 0, 'nothing more was told');
      },
      asks ? recovers || 'its session ends with the connection' : 'what is written is no request',
    ),
    fails(
      'tells of an answer of another kind',
      { type: 'replace', body: '<!doctype html><title>Log in</title>', contentType: 'text/html' },
      ['fall-back', 'retry', 'give-up'],
    ),
    same(
      'passes over what it does not know',
      [{ type: 'insert', text: unknown ?? '' }],
      unknown !== undefined || 'nothing of the kind was given',
    ),
    fails(
      'tells of what is broken',
      { type: 'insert', text: malformed ?? '' },
      ['fall-back', 'retry'],
      malformed !== undefined || 'nothing of the kind was given',
    ),
    fails(
      'is not flooded',
      { type: 'flood', bytes: flood ?? 0 },
      ['fall-back', 'retry'],
      flood !== undefined || 'nothing of the kind was given',
    ),
    same('reads an answer that is cut anywhere', [{ type: 'pieces', bytes: 3 }]),
    check(
      'stops the service when it is cancelled, and tells nothing more of it',
      [{ type: 'stall', afterBytes: middle }],
      async (trial) => {
        assert.ok(await trial.write(0), `it did not open: ${inspect(trial.error)}`);
        await trial.until(() => asked(trial.local), 'nothing was asked');
        trial.session.cancel(1);
        const before = trial.events.length;
        await trial.until(() => stopped(trial.local), 'the service was not told');
        if (recovers) await trial.ask(1);
        else await pause(20);
        const later = trial.events.slice(before) as readonly { readonly epoch?: number }[];
        assert.ok(!recovers || later.length > 0, 'the next request was not answered');
        assert.ok(
          later.every(({ epoch }) => epoch !== 0),
          'something of the old epoch was told',
        );
      },
      asks || 'what is written belongs to no epoch',
      true,
    ),
    check(
      'gives its connections back when it is closed at work',
      [{ type: 'stall', afterBytes: middle }],
      async (trial) => {
        assert.ok(await trial.write(0), `it did not open: ${inspect(trial.error)}`);
        const flushed = trial.session.flush();
        const { requests, sockets } = trial.local;
        await trial.until(() => asked(trial.local), 'nothing was asked');
        await trial.within(Promise.all([trial.session.close(), flushed]), 'it did not close');
        const open = () =>
          requests.some((one) => !one.cancelled && !one.answered) || sockets.some((one) => !one.closed);
        await trial.until(() => !open(), 'a connection stayed');
      },
      true,
      true,
    ),
  ];
}

/**
 * Hands each check to a test runner as a test of its own. What does not apply is skipped with its reason.
 *
 * @example
 * serviceChecklist<LocalService, SpeechRequest, SynthesizerEvent>(it, {
 *   service: 'Example', secret: { name: 'apiKey', value: 'key-of-the-tests' }, start: startExampleServer,
 *   make: ({ socketUrl }, waitMs) => exampleSpeech({ baseUrl: socketUrl, connectMs: waitMs, silenceMs: waitMs }),
 *   items: (epoch) => [{ id: `${epoch}`, epoch, text: 'Hello there.' }], asks: true,
 *   told: ({ type }) => (type === 'audio' ? undefined : type),
 *   middle: 500, unknown: '{"type":"not-yet-known"}', malformed: '{"type":', flood: 5_000_000,
 * });
 */
export function serviceChecklist<L extends LocalService, Item, Event extends { readonly type: string }>(
  test: TestFunction,
  subject: ServiceSubject<L, Item, Event>,
): void {
  for (const { name, applies, run } of serviceChecks(subject)) {
    if (applies === true) test(name, run);
    else test.skip?.(`${name} (${applies})`, run);
  }
}

function isAsked({ requests, sockets }: LocalService): boolean {
  return requests.length > 0 || sockets.some(({ received }) => received.length > 0);
}

function isStopped({ requests, sockets }: LocalService): boolean {
  return requests[0]?.cancelled === true || sockets[0]?.closed !== undefined;
}

/** As often as anybody tries again. */
function repeated(fault: LocalFault): readonly LocalFault[] {
  return Array.from({ length: 4 }, () => fault);
}
