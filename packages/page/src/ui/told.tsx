import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icons.tsx';

export interface ToldProps {
  readonly title: string;
  readonly advice: string;
  readonly icon: IconName;
  readonly problem?: boolean;
  readonly children?: ComponentChildren;
}

/** A page that says one thing. Its heading has the focus, so that it is read out. */
export function Told({ title, advice, icon, problem, children }: ToldProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <main class="threshold">
      <div class="card told">
        <div class={`sign ${problem ? 'problem' : ''}`}>
          <Icon name={icon} />
        </div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p>{advice}</p>
        {children && <div class="actions">{children}</div>}
      </div>
    </main>
  );
}
