import type { NodePort } from '../../protocol/messages.ts';

/** Ports of a node to which or from which no link leads; those that have one stand among its links. */
export function NodePorts({ ports }: { readonly ports: readonly NodePort[] }) {
  const loose = ports.filter(({ linked }) => !linked);
  if (loose.length === 0) return null;
  return (
    <section aria-labelledby="ports-title">
      <h3 id="ports-title">Ports without a link</h3>
      <dl class="rows ports">
        {loose.map(({ name, direction, format }) => (
          <div key={`${direction} ${name}`}>
            <dt>{name}</dt>
            <dd>{`${direction === 'in' ? 'takes' : 'gives'} ${format}: not linked`}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
