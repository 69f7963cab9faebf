import { optionRows } from '../figures/option-rows.ts';

export interface NodeOptionsProps {
  readonly options: unknown;
  readonly defaults: Readonly<Record<string, unknown>> | undefined;
}

/** What a node was made with: name, value with unit, and what it would be otherwise. */
export function NodeOptions({ options, defaults }: NodeOptionsProps) {
  const rows = optionRows(options, defaults);
  if (rows.length === 0) return <p class="quiet">It was given none.</p>;
  return (
    <dl class="rows options">
      {rows.map(({ name, value, preset }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value ?? preset}
            {preset === undefined ? null : (
              <span class="quiet">
                {value === undefined || value === preset ? ' (default)' : `, default ${preset}`}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
