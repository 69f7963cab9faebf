import { checkKeys } from '../../check-keys.ts';
import { realClock } from '../../time/real-clock.ts';
import { openKeys } from '../define-voice-model.ts';
import { ManagedSession } from '../managed-session.ts';
import type { OpenOptions, VoiceKind, VoiceModel, VoiceSession } from '../model.ts';
import type { SessionContext } from '../session.ts';
import { Relay, type Successors } from './relay.ts';
import { Requests } from './requests.ts';
import { UnheardSound, UnjudgedSound } from './sound.ts';
import type { Unanswered } from './unanswered.ts';

/** Sound of a stretch that is kept for another recogniser, in milliseconds. */
const UNHEARD_MS = 30_000;
/** Sound that is kept for another detector: more than any takes to tell, in milliseconds. */
const UNJUDGED_MS = 2_000;

/** Any model, by its kind alone. */
export type AnyModel = VoiceModel<VoiceKind, unknown, unknown, object>;
export type AnySession = VoiceSession<unknown, unknown, object>;
type Context = SessionContext<unknown, object>;

/** Who is behind a session that is relayed. */
export interface Behind extends Successors<unknown, unknown> {
  readonly settings: object;
  /** Opens the first; what takes time on the clock it leaves for later, as who opens may hold the clock meanwhile. */
  first(): Promise<AnySession | (() => Promise<AnySession>)>;
  /** @throws TypeError for settings that the model does not know */
  update(settings: object): void;
  /** It has begun: how to go on with another session. */
  begun(relay: Relay<unknown, unknown>, unanswered: Unanswered<unknown, unknown>): void;
}

/** Settings are those of the model behind it. */
class RelayedSession extends ManagedSession<unknown, unknown, object> {
  behind: Behind | undefined;

  override get settings(): object {
    return this.behind?.settings ?? {};
  }

  override update(settings: object): void {
    this.behind?.update(settings);
  }
}

/** Opens a session of `model` that is relayed to those that `make` knows. */
export async function openRelay(
  model: Pick<AnyModel, 'name' | 'kind'>,
  options: OpenOptions<object>,
  make: (context: Context) => Behind,
): Promise<AnySession> {
  checkKeys<OpenOptions<object>>(`${model.name}.open`, options, openKeys);
  const { signal, clock = realClock, random = Math.random, secrets = {} } = options;
  signal?.throwIfAborted();
  const session = new RelayedSession(model.name, {}, (given) => given);
  let refusal: { readonly error: unknown } | undefined;
  const begin = async (context: Context) => {
    const behind = make(context);
    session.behind = behind;
    const unanswered = unansweredOf(model.kind, context);
    const relay = new Relay(context, unanswered, behind);
    try {
      const first = await behind.first();
      if (typeof first === 'function') relay.await(first);
      else relay.handOver(first);
    } catch (error) {
      behind.close();
      refusal = { error };
      throw error;
    }
    behind.begun(relay, unanswered);
    return relay;
  };
  try {
    await session.start(begin, { clock, random, secrets, signal });
  } catch (error) {
    // As the model behind it has put it, also where it refuses settings.
    throw refusal === undefined ? error : refusal.error;
  }
  return session;
}

/** A session's items and events are those of its kind, which the types of a model of any kind do not know. */
function unansweredOf(kind: VoiceKind, { emit }: Context): Unanswered<unknown, unknown> {
  switch (kind) {
    case 'recognizer':
      return new UnheardSound(UNHEARD_MS) as never;
    case 'voice-detector':
      return new UnjudgedSound(UNJUDGED_MS, emit) as never;
    default:
      return new Requests() as never;
  }
}
