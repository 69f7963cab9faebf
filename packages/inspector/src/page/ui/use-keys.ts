import { useEffect } from 'preact/hooks';

/** What a key does that is pressed anywhere but in a field. */
export type Keys = Readonly<Record<string, () => void>>;

/** Listens for keys of the whole page. */
export function useKeys(keys: Keys): void {
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.matches('input, textarea, select') || document.querySelector('dialog[open]') !== null) return;
      // A button that has the focus is pressed by it.
      if (event.key === ' ' && target.matches('button, a, [tabindex]')) return;
      const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', down);
    return () => removeEventListener('keydown', down);
  }, [keys]);
}
