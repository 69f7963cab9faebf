import { Observable, type Observer, type Operator, type Subscription } from 'rxjs';
import { type ActorContext, actorContext, outsideGraph, withContext } from './actor-context.ts';
import { CreditContext } from './credit-context.ts';
import type { Frame } from './frame.ts';
import { NODE, type SinkSpec } from './node-spec.ts';
import type { Sink } from './sink.ts';

/** Frames that may wait for a sink before a source that can be asked is held back. */
const MOST_WAITING = 50;

/**
 * The Observable of sources and operators. Subscribed to with a sink outside a graph, it lets the sink hold the source
 * back, so that `fromWavFile(a).pipe(resample(...)).subscribe(toWavFile(b))` copies a file of any length. RxJS's own
 * operators behind it give the same kind of Observable.
 */
export class BareFlow<F> extends Observable<F> {
  // Overloads of the base class: an observer, or a next handler and two deprecated ones.
  override subscribe(...observer: unknown[]): Subscription {
    const sink = outsideGraph() ? sinkSpec(observer[0]) : undefined;
    if (sink === undefined) return super.subscribe(...(observer as [Partial<Observer<F>>]));
    const base = actorContext();
    let waiting = 0;
    // Who asks for room can be held back.
    let paced = true;
    const { maxHeld = MOST_WAITING } = sink;
    const isOpen = () => {
      paced = false;
      return waiting < maxHeld;
    };
    const chain = new CreditContext(base, { isOpen });
    const release = () => {
      waiting--;
      chain.wake();
    };
    const hold = () => {
      waiting++;
      return release;
    };
    const context: ActorContext = {
      ...base,
      hold,
      get paced() {
        return paced;
      },
    };
    sink.attach(context);
    const end = observer[0] as Sink<Frame, unknown>;
    const subscription = withContext(chain, () => super.subscribe(end as unknown as Observer<F>));
    // A sink that has failed takes nothing more: the source is let go, or a live one would go on for ever.
    end.finished.catch(() => subscription.unsubscribe());
    return subscription;
  }

  /** What RxJS's operators call to make the Observable behind them. */
  override lift<R>(operator?: Operator<F, R>): Observable<R> {
    const lifted = new BareFlow<R>();
    lifted.source = this;
    lifted.operator = operator as Operator<unknown, R>;
    return lifted;
  }
}

function sinkSpec(observer: unknown): SinkSpec | undefined {
  if (typeof observer !== 'object' || observer === null) return undefined;
  const spec = (observer as { readonly [NODE]?: SinkSpec })[NODE];
  return spec !== undefined && 'attach' in spec ? spec : undefined;
}
