import { useEffect, useRef } from 'preact/hooks';

const keys: readonly (readonly [key: string, does: string])[] = [
  ['/', 'find a node or link'],
  ['Space', 'stand still, go on'],
  ['l', 'listen to the link that is picked'],
  ['t', 'the table instead of the drawing'],
  ['k', 'the talk instead of the drawing'],
  ['c', 'the calls instead of the drawing'],
  ['f', 'the fleets instead of the drawing'],
  ['h', 'the last minutes; ← → there go through them'],
  ['← →', 'along the links of a node'],
  ['↑ ↓', 'to the node above or below'],
  ['+ − 0', 'larger, smaller, everything'],
  ['Shift W A S D', 'move the drawing'],
  ['Esc', 'pick nothing'],
  ['?', 'this'],
];

/** What the keys do. */
export function Help({ close }: { readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">Keys</h2>
      <dl class="rows">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        Grey: nothing passes. Blue: works. Amber: what is live waits for those behind it, for a tenth of its time. Red:
        for more than half of it, or it has failed. What is not live may be held back: it suffers nothing.
      </p>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
