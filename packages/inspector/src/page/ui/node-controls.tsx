import type { NodeControl, TakenControl } from '../../protocol/messages.ts';
import { ControlForm } from './control-form.tsx';
import { DeclaredControl, takenTold } from './declared-control.tsx';

export interface NodeControlsProps {
  /** Those that the node declares. */
  readonly declared: readonly NodeControl[];
  /** Those that it took. */
  readonly taken: readonly TakenControl[];
  /** When the graph was started, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Sends it a message; undefined where that is not allowed. */
  readonly send: ((message: { readonly type: string }) => Promise<void>) | undefined;
}

/** The control messages of a node, each with when it was taken last; forms where messages may be sent. */
export function NodeControls({ declared, taken, startedAt, send }: NodeControlsProps) {
  const others = taken.filter(({ type }) => declared.every((one) => one.type !== type));
  if (declared.length === 0 && others.length === 0 && send === undefined) return null;
  return (
    <section class="controls" aria-label="Control">
      <h3>Control</h3>
      {declared.map((control) => (
        <DeclaredControl
          key={control.type}
          control={control}
          taken={taken.find(({ type }) => type === control.type)}
          startedAt={startedAt}
          send={send}
        />
      ))}
      {others.map((one) => (
        <p key={one.type}>
          <code>{one.type}</code> <span class="quiet">{takenTold(one, startedAt)}</span>
        </p>
      ))}
      {send === undefined ? null : declared.length === 0 ? (
        <ControlForm send={send} />
      ) : (
        <details>
          <summary>Another message</summary>
          <ControlForm send={send} />
        </details>
      )}
    </section>
  );
}
