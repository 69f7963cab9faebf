/** Widest and narrowest form of a tile, width by height. */
const WIDEST = 16 / 9;
const NARROWEST = 4 / 5;
/** Pixels: smaller ones are not looked at, the stage is scrolled instead. */
const LEAST_WIDTH = 150;
const LEAST_HEIGHT = 110;

export interface TileSize {
  readonly width: number;
  readonly height: number;
}

/** The size in pixels at which `count` tiles fill a stage best: as many columns as make them largest. */
export function gridSize(count: number, stage: TileSize, gap: number): TileSize {
  let best: TileSize = { width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = (stage.width - gap * (columns - 1)) / columns;
    const height = (stage.height - gap * (rows - 1)) / rows;
    const tile = { width: Math.min(width, height * WIDEST), height: Math.min(height, width / NARROWEST) };
    if (tile.width * tile.height > best.width * best.height && tile.width > 0) best = tile;
  }
  return {
    width: Math.floor(Math.min(stage.width, Math.max(best.width, LEAST_WIDTH))),
    height: Math.floor(Math.max(best.height, LEAST_HEIGHT)),
  };
}
