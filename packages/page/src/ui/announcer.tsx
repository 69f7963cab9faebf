import type { JSX } from 'preact';

export interface AnnouncerProps {
  /** What happened last: somebody came, a recording began. */
  readonly news: string;
  /** What cannot wait: the connection is interrupted. */
  readonly problem: string;
}

/** Says to screen readers what others see. Always there: a region that comes with its text is not read out. */
export function Announcer({ news, problem }: AnnouncerProps): JSX.Element {
  return (
    <div class="unseen">
      <p role="status">{news}</p>
      <p role="alert">{problem}</p>
    </div>
  );
}
