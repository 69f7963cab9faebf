import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { gridSize, type TileSize } from './grid-size.ts';
import { Tile, type TileProps } from './tile.tsx';

export interface StageTile extends TileProps {
  readonly key: string;
}

/** Everybody in tiles as large as they fit; where a screen is shown, that is large and they stand beside it. */
export function Stage({ tiles }: { readonly tiles: readonly StageTile[] }): JSX.Element {
  const screens = tiles.filter(({ kind }) => kind === 'screen');
  const others = tiles.filter(({ kind }) => kind !== 'screen');
  if (screens.length > 0)
    return (
      <div class="spotlight">
        <div class="shown">{screens.map(drawn)}</div>
        <div class="strip">{others.map(drawn)}</div>
      </div>
    );
  return <Grid tiles={others} />;
}

function Grid({ tiles }: { readonly tiles: readonly StageTile[] }): JSX.Element {
  const stage = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<TileSize>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = stage.current!;
    const measure = () => {
      // It is another one in a narrow window.
      const gap = Number.parseFloat(getComputedStyle(element).columnGap);
      const { clientWidth, clientHeight } = element;
      setSize(gridSize(tiles.length, { width: clientWidth, height: clientHeight }, gap));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [tiles.length]);
  return (
    <div class="stage" ref={stage} style={{ '--tile-width': `${size.width}px`, '--tile-height': `${size.height}px` }}>
      {tiles.map(drawn)}
    </div>
  );
}

function drawn({ key, ...tile }: StageTile): JSX.Element {
  return <Tile key={key} {...tile} />;
}
