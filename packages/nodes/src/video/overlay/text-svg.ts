import { type Color, parseColor } from '../../options/color.ts';

/** Letters of a text in a picture: family, size, weight, colours. */
export interface TextStyle {
  /** A family, or several to choose from, as in CSS. Default `sans-serif`. */
  readonly font?: string;
  /** Height of the letters, from the top of an accent to the bottom of a g, about; in pixels. Default 32. */
  readonly sizePx?: number;
  /** Default `#fff`. */
  readonly color?: Color;
  /** Of the rectangle behind the text. Default: none. */
  readonly background?: Color;
  /** Between text and edge, in pixels. Default: a quarter of `sizePx`. */
  readonly padding?: number;
}

/** Parts of `sizePx`: from one line to the next, and from the top of a line to the foot of its letters. */
const lineHeight = 1.25;
const ascent = 0.95;

/** What a line of text takes, so that its place does not depend on which letters are in it. */
export function textHeight(lines: number, { sizePx = 32, padding = sizePx / 4 }: TextStyle): number {
  return Math.ceil(lines * lineHeight * sizePx + 2 * padding);
}

/** The lines of a text, with what no XML may contain replaced. */
export function textLines(text: string): readonly string[] {
  return text
    .replace(/[\p{Cc}\p{Cs}]/gu, (odd) => (odd === '\n' ? odd : odd === '\t' ? ' ' : '\ufffd'))
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .split('\n');
}

/** For text inside XML, Pango's markup included. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

/** A picture of the text, `width` pixels wide, each line in its middle. */
export function textSvg(lines: readonly string[], width: number, style: TextStyle): string {
  const { font = 'sans-serif', sizePx = 32, color = '#fff', background, padding = sizePx / 4 } = style;
  const height = textHeight(lines.length, style);
  const rows = lines.map((line, index) => {
    const y = padding + (index * lineHeight + ascent) * sizePx;
    return `<text x="${width / 2}" y="${y}">${escapeXml(line)}</text>`;
  });
  const box = background === undefined ? '' : `<rect width="100%" height="100%" ${fill(background)}/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${box}`,
    `<g font-family="${escapeXml(font)}" font-size="${sizePx}" text-anchor="middle" xml:space="preserve" ${fill(color)}>`,
    ...rows,
    '</g></svg>',
  ].join('');
}

function fill(color: Color): string {
  const [red, green, blue, alpha] = parseColor('color', color);
  return `fill="rgb(${red},${green},${blue})" fill-opacity="${alpha / 255}"`;
}
