import { Observable, type Observer, type Operator, type Subscription } from 'rxjs';
import { outsideGraph, withContext } from './actor-context.ts';
import { contextBehind } from './subscriber-context.ts';

/**
 * The Observable of sources and operators. Subscribed to outside a graph, it finds the sink that its frames lead to and
 * lets it hold the source back, so that `fromWavFile(a).pipe(resample(...)).subscribe(toWavFile(b))` copies a file of any
 * length. RxJS's own operators behind it give the same kind of Observable. For operators that `createOperator` does not
 * fit; take the context (`actorContext()`) in the function that it is made of.
 */
export class BareFlow<F> extends Observable<F> {
  // Overloads of the base class: an observer, or a next handler and two deprecated ones.
  override subscribe(...observer: unknown[]): Subscription {
    const subscribe = () => super.subscribe(...(observer as [Partial<Observer<F>>]));
    const context = outsideGraph() ? contextBehind(observer[0]) : undefined;
    return context === undefined ? subscribe() : withContext(context, subscribe);
  }

  /** What RxJS's operators call to make the Observable behind them. */
  override lift<R>(operator?: Operator<F, R>): Observable<R> {
    const lifted = new BareFlow<R>();
    lifted.source = this;
    lifted.operator = operator as Operator<unknown, R>;
    return lifted;
  }
}
