import { useState } from 'preact/hooks';

export interface ControlFormProps {
  readonly send: (message: { readonly type: string }) => Promise<void>;
}

/** Sends a node a control message: its type, and what goes with it as JSON. */
export function ControlForm({ send }: ControlFormProps) {
  const [type, setType] = useState('');
  const [rest, setRest] = useState('{}');
  const [answer, setAnswer] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await send({ ...(JSON.parse(rest) as object), type });
      setAnswer('Done.');
    } catch (error) {
      setAnswer((error as Error).message);
    }
  };
  return (
    <form class="control" onSubmit={submit}>
      <label>
        Type
        <input
          value={type}
          required
          placeholder="set-gain"
          onInput={({ currentTarget }) => setType(currentTarget.value)}
        />
      </label>
      <label>
        With
        <input value={rest} spellcheck={false} onInput={({ currentTarget }) => setRest(currentTarget.value)} />
      </label>
      <button type="submit">Send</button>
      <p role="status">{answer}</p>
    </form>
  );
}
