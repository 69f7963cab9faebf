import { parentPort } from 'node:worker_threads';
import { type OperatorFunction, Subject, type Subscription } from 'rxjs';
import { closeFrame, type Frame } from '../media/frame.ts';
import { blameOperators, runAs } from './guilty.ts';
import { type FromWorker, packFrame, type ToWorker, unpackFrame } from './messages.ts';

/** The thread's side: runs placed operators until they are removed. */
const port = parentPort!;

interface Placed {
  readonly input: Subject<Frame>;
  readonly subscription: Subscription;
}

const placed = new Map<number, Promise<Placed | undefined>>();

const send = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

async function place(message: Extract<ToWorker, { type: 'place' }>): Promise<Placed | undefined> {
  const { id } = message;
  try {
    const module: Record<string, unknown> = await import(message.module);
    const factory = module[message.exportName];
    if (typeof factory !== 'function')
      throw new TypeError(`${message.module} has no function export named ${message.exportName}`);
    const operator: OperatorFunction<Frame, Frame> = factory(message.options);
    const input = new Subject<Frame>();
    const subscription = operator(input).subscribe({
      next: (frame) => {
        const { packed, transfer } = packFrame(frame);
        send({ type: 'frame', id, frame: packed }, transfer);
        closeFrame(frame);
      },
      error: (error: unknown) => send({ type: 'error', id, error }),
      complete: () => send({ type: 'end', id }),
    });
    return { input, subscription };
  } catch (error) {
    send({ type: 'error', id, error });
    return undefined;
  }
}

async function handle(message: Exclude<ToWorker, { type: 'place' }>): Promise<void> {
  const operator = await placed.get(message.id);
  if (operator === undefined) return;
  if (message.type === 'frame') {
    operator.input.next(unpackFrame(message.frame));
    send({ type: 'taken', id: message.id });
  } else if (message.type === 'end') operator.input.complete();
  else {
    operator.subscription.unsubscribe();
    placed.delete(message.id);
  }
}

blameOperators((id, error) => send({ type: 'error', id, error }));

port.on('message', (message: ToWorker) =>
  runAs(message.id, () => {
    if (message.type === 'place') placed.set(message.id, place(message));
    else
      handle(message).catch((error: unknown) => {
        send({ type: 'error', id: message.id, error });
      });
  }),
);
