import { mermaidOf } from '@sluice/core/drawing';
import { otlpOf } from '../../trace/otlp-of.ts';
import { traceOf } from '../../trace/trace-of.ts';
import type { DrawnGraph } from '../graph/picked-part.ts';
import type { Shown, Store } from '../link/store.ts';
import { saveBlob } from '../scope/save.ts';
import { graphSvg } from './graph-svg.ts';

export interface ExportMenuProps {
  readonly store: Store;
  /** The graph that is shown now. */
  readonly view: (shown: Shown) => DrawnGraph | undefined;
}

/** Takes the drawing elsewhere as a picture or as text, and what was seen so far as a trace. */
export function ExportMenu({ store, view }: ExportMenuProps) {
  const save = (kind: string, name: string, make: (drawn: DrawnGraph) => string) => (event: Event) => {
    const drawn = view(store.shown);
    if (drawn !== undefined)
      saveBlob(new Blob([make(drawn)], { type: kind }), `${drawn.topology.name.replace(/[^\w.-]+/g, '_')}${name}`);
    (event.currentTarget as HTMLElement).closest('details')!.open = false;
  };
  return (
    <details class="export">
      <summary>Export</summary>
      <div>
        <button
          type="button"
          title="The drawing as it is now"
          onClick={save('image/svg+xml', '.svg', (drawn) => graphSvg(drawn, store.shown.recent))}
        >
          Graph as SVG
        </button>
        <button
          type="button"
          title="For a page in Markdown"
          onClick={save('text/plain', '.mmd', ({ topology }) => mermaidOf(topology))}
        >
          Graph as Mermaid
        </button>
        <button
          type="button"
          title="All that was seen so far, for ui.perfetto.dev or chrome://tracing"
          onClick={save('application/json', '.trace.json', () => JSON.stringify(traceOf(store.seen())))}
        >
          Trace as JSON
        </button>
        <button
          type="button"
          title="All that was seen so far, as OpenTelemetry's collectors take it at /v1/traces"
          onClick={save('application/json', '.otlp.json', () => JSON.stringify(otlpOf(store.seen())))}
        >
          Spans as OTLP
        </button>
      </div>
    </details>
  );
}
