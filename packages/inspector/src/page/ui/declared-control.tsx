import { useId, useState } from 'preact/hooks';
import type { NodeControl, TakenControl } from '../../protocol/messages.ts';
import { type ControlField, controlFields, filledMessage } from '../figures/control-fields.ts';
import { writeTime } from '../figures/written.ts';

export interface DeclaredControlProps {
  readonly control: NodeControl;
  /** When it was taken last, if it was. */
  readonly taken: TakenControl | undefined;
  /** When the graph was started, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly send: ((message: { readonly type: string }) => Promise<void>) | undefined;
}

/** A control message that a node declares: what it does, when it was taken last, and a form that sends it. */
export function DeclaredControl({
  control: { type, description, schema },
  taken,
  startedAt,
  send,
}: DeclaredControlProps) {
  const [filled, fill] = useState<Readonly<Record<string, string>>>({});
  const [answer, setAnswer] = useState('');
  const fields = controlFields(schema);
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await send!(filledMessage(type, fields, filled));
      setAnswer('Done.');
    } catch (error) {
      setAnswer((error as Error).message);
    }
  };
  return (
    <form class="control" aria-label={type} onSubmit={submit}>
      <p>
        <code>{type}</code> <span class="quiet">{takenTold(taken, startedAt)}</span>
      </p>
      <p class="quiet">{description}</p>
      {send === undefined ? null : (
        <>
          {fields.map((field) => (
            <Field key={field.name} field={field} set={(text) => fill({ ...filled, [field.name]: text })} />
          ))}
          <button type="submit" aria-label={`Send ${type}`}>
            Send
          </button>
          <p role="status">{answer}</p>
        </>
      )}
    </form>
  );
}

/** How often and when last a message was taken. */
export function takenTold(taken: TakenControl | undefined, startedAt: number): string {
  if (taken === undefined) return 'not taken yet';
  return `${taken.count === 1 ? 'once' : `${taken.count} times`}, last ${writeTime(startedAt + taken.lastMs)}`;
}

function Field({ field, set }: { readonly field: ControlField; readonly set: (text: string) => void }) {
  const id = useId();
  const { name, kind, required, hint, choices } = field;
  return (
    <label htmlFor={id} title={hint}>
      {name}
      {kind === 'choice' ? (
        <select id={id} required={required} onChange={({ currentTarget }) => set(currentTarget.value)}>
          <option value="">–</option>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          required={required}
          spellcheck={false}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          placeholder={kind === 'json' ? '{}' : ''}
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      )}
    </label>
  );
}
