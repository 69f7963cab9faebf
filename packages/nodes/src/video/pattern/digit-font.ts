/** Characters of 5 by 7 dots, a row a number, the leftmost dot its highest bit; one empty column follows each. */
const glyphs: Readonly<Record<string, readonly number[]>> = {
  '0': [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
  '1': [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
  '2': [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
  '3': [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110],
  '4': [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
  '5': [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
  '6': [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
  '7': [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
  '8': [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
  '9': [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
  ':': [0b00000, 0b00100, 0b00000, 0b00000, 0b00000, 0b00100, 0b00000],
  '#': [0b01010, 0b01010, 0b11111, 0b01010, 0b11111, 0b01010, 0b01010],
};

export const glyphWidth = 6;
export const glyphHeight = 7;

/** Calls `dots` for each run of set dots in one row of a line of text, with the columns where it begins and ends. */
export function textRow(text: string, row: number, dots: (from: number, to: number) => void): void {
  for (let index = 0; index < text.length; index++) {
    const bits = glyphs[text[index]!]?.[row] ?? 0;
    for (let column = 0; column < 5; column++) {
      if ((bits & (16 >> column)) === 0) continue;
      const from = column;
      while (column < 5 && (bits & (16 >> column)) !== 0) column++;
      dots(index * glyphWidth + from, index * glyphWidth + column);
    }
  }
}
