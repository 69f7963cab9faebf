/** Which letters of `said` are in `heard`, where both are laid beside each other as well as can be. */
export function lettersInCommon(said: string, heard: string): boolean[] {
  const width = heard.length + 1;
  const longest = new Uint16Array((said.length + 1) * width);
  for (let i = said.length - 1; i >= 0; i--)
    for (let j = heard.length - 1; j >= 0; j--)
      longest[i * width + j] =
        said[i] === heard[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
  const common = new Array<boolean>(said.length).fill(false);
  for (let i = 0, j = 0; i < said.length && j < heard.length; ) {
    if (said[i] === heard[j]) {
      common[i] = true;
      i++;
      j++;
    } else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) i++;
    else j++;
  }
  return common;
}
