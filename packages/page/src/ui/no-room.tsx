import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** The address names no room: it is asked for. */
export function NoRoom({ asked }: { readonly asked: boolean }): JSX.Element {
  const [name, setName] = useState('');
  const [odd, setOdd] = useState(asked);
  const go = (event: Event) => {
    event.preventDefault();
    const valid = /^[A-Za-z0-9_-]{1,128}$/.test(name);
    setOdd(!valid);
    if (valid) location.assign(`./${name}`);
  };
  return (
    <main class="threshold">
      <form class="card told" onSubmit={go} noValidate>
        <h1>Which room?</h1>
        <div class="field wide">
          <label for="room">Name of the room</label>
          <input
            id="room"
            autocomplete="off"
            maxLength={128}
            aria-invalid={odd}
            aria-describedby={odd ? 'room-odd' : undefined}
            value={name}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
          {odd && (
            <p id="room-odd" class="note problem" role="alert">
              Names of rooms have letters, digits, _ and -, at most 128 of them.
            </p>
          )}
        </div>
        <button type="submit" class="button primary">
          Go
        </button>
      </form>
    </main>
  );
}
