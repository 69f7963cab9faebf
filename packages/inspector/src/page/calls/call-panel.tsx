import { useMemo } from 'preact/hooks';
import type { CallSample, Calls } from '../../protocol/calls.ts';
import { callSeries } from '../figures/call-series.ts';
import { saveBlob } from '../scope/save.ts';
import { Curves } from '../strips/curves.tsx';
import { Wide } from '../strips/wide.tsx';
import { PathsTable } from './paths-table.tsx';
import { TracksTable } from './tracks-table.tsx';

const qualities: Readonly<Record<string, string>> = {
  good: 'network good',
  low: 'network poor',
  veryLow: 'network bad',
};

/** One call: its network as curves and numbers, its people and their tracks. */
export function CallPanel({ call, past }: { readonly call: CallSample; readonly past: readonly Calls[] }) {
  const series = useMemo(() => callSeries(past, call.call), [past, call.call]);
  const title = `call-${call.call}`;
  return (
    <article class="card call" aria-labelledby={title}>
      <header>
        <h2 id={title}>{call.name}</h2>
        <span class="quiet">{call.state}</span>
        {call.threshold === '' ? null : <span class={`quality ${call.threshold}`}>{qualities[call.threshold]}</span>}
        <span class="space" />
        <button type="button" onClick={() => saveDump(call, past)}>
          Save JSON
        </button>
      </header>
      {call.fault === undefined ? null : <p class="refused">{call.fault}</p>}
      <Curves times={past.map(({ t }) => t)} series={series} />
      <Wide label={`Tracks of ${call.name}`}>
        <TracksTable members={call.members} gaps={call.gaps} />
      </Wide>
      {call.paths === undefined || call.paths.length === 0 ? null : (
        <Wide label={`Connections of ${call.name}`}>
          <PathsTable paths={call.paths} />
        </Wide>
      )}
      <details>
        <summary>All figures of the network</summary>
        <dl class="rows">
          {Object.entries(call.network).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd data-number={name}>{figureTold(value)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </article>
  );
}

function figureTold(value: number | string | null): string {
  if (value === null) return 'not known yet';
  return typeof value === 'string' ? value : String(Math.round(1_000 * value) / 1_000);
}

/** The last minutes of a call as a file, for a report. */
function saveDump({ call, name }: CallSample, past: readonly Calls[]): void {
  const samples = past.flatMap(({ t, calls }) =>
    calls.filter((one) => one.call === call).map((sample) => ({ t, ...sample })),
  );
  const blob = new Blob([JSON.stringify(samples)], { type: 'application/json' });
  saveBlob(blob, `${name.replace(/[^\w.-]+/g, '_')}.json`);
}
