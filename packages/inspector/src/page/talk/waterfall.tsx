import type { TalkTurn } from '@sluice/core/voice';
import { latencyOf } from '../figures/talk-picture.ts';
import { writeMs } from '../figures/written.ts';
import { Headings } from '../strips/headings.tsx';

/** Whose a part of the way is, in its order, and what it is. */
const owners = [
  ['turn', 'is it over?'],
  ['model', 'first token'],
  ['sentence', 'first sentence'],
  ['synthesizer', 'first audio'],
  ['device', 'first audible'],
] as const;

/** What the colours mean. */
export function WaterfallKey() {
  return (
    <ul class="key" aria-label="What the colours mean">
      {owners.map(([owner, what]) => (
        <li key={owner}>
          <span class={`swatch ${owner}`} aria-hidden="true" />
          {owner} <span class="quiet">{what}</span>
        </li>
      ))}
      <li>
        <span class="swatch mark interrupted" aria-hidden="true" />
        interrupted
      </li>
      <li>
        <span class="swatch mark paused" aria-hidden="true" />
        silent in doubt, goes on
      </li>
    </ul>
  );
}

export interface WaterfallProps {
  readonly turn: TalkTurn;
  /** What the whole width means, in milliseconds. */
  readonly longest: number;
}

/** The way from the last voiced sample to the first audible one, a bar for each part. */
export function Waterfall({ turn, longest }: WaterfallProps) {
  const whole = latencyOf(turn);
  return (
    <span class="waterfall">
      <span class="way" aria-hidden="true">
        {partsOf(turn).map(({ owner, ms }, index) => (
          <span key={`${owner} ${index}`} class={owner} style={{ width: `${(100 * ms) / longest}%` }} />
        ))}
      </span>
      <span class="whole">{whole === undefined ? 'not heard' : writeMs(whole)}</span>
    </span>
  );
}

/** The same as a table: each step, how long it took, and when that was. */
export function StepTable({ turn }: { readonly turn: TalkTurn }) {
  const [first] = turn.steps;
  if (first === undefined) return null;
  return (
    <table class="steps">
      <caption>The way to the first audible sample</caption>
      <Headings titles={['Step', 'Of', 'Took', 'After']} />
      <tbody>
        {turn.steps.map(({ name, owner, atMs }, index) => (
          <tr key={name}>
            <th scope="row">
              <span class={`swatch ${owner}`} aria-hidden="true" />
              {name}
            </th>
            <td>{index === 0 ? '' : owner}</td>
            <td>{index === 0 ? '' : writeMs(atMs - turn.steps[index - 1]!.atMs)}</td>
            <td>{writeMs(atMs - first.atMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function partsOf({ steps }: TalkTurn): readonly { readonly owner: string; readonly ms: number }[] {
  return steps.slice(1).map(({ owner, atMs }, index) => ({ owner, ms: atMs - steps[index]!.atMs }));
}
