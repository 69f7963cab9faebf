/** Planes of I420 as the kernel needs them; a `Picture` in that format is one. */
interface I420 {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Makes an I420 picture smaller: every pixel is the mean of those it covers, edges rounded to whole pixels. `to` is
 * filled and not larger than `from` in any direction. Nothing is allocated.
 */
export function shrinkI420(from: I420, to: I420): void {
  const [w, h] = [(from.width + 1) >> 1, (from.height + 1) >> 1];
  const [cw, ch] = [(to.width + 1) >> 1, (to.height + 1) >> 1];
  const [fromU, toU] = [from.width * from.height, to.width * to.height];
  shrinkPlane(from.data, 0, from.width, from.height, to.data, 0, to.width, to.height);
  shrinkPlane(from.data, fromU, w, h, to.data, toU, cw, ch);
  shrinkPlane(from.data, fromU + w * h, w, h, to.data, toU + cw * ch, cw, ch);
}

function shrinkPlane(
  from: Uint8Array,
  fromAt: number,
  fromWidth: number,
  fromHeight: number,
  to: Uint8Array,
  toAt: number,
  toWidth: number,
  toHeight: number,
): void {
  if (fromWidth === 2 * toWidth && fromHeight === 2 * toHeight)
    return halvePlane(from, fromAt, to, toAt, toWidth, toHeight);
  let target = toAt;
  for (let y = 0; y < toHeight; y++) {
    const top = Math.floor((y * fromHeight) / toHeight);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * fromHeight) / toHeight));
    for (let x = 0; x < toWidth; x++) {
      const left = Math.floor((x * fromWidth) / toWidth);
      const right = Math.max(left + 1, Math.floor(((x + 1) * fromWidth) / toWidth));
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        const start = fromAt + row * fromWidth;
        for (let at = start + left; at < start + right; at++) sum += from[at]!;
      }
      const count = (bottom - top) * (right - left);
      to[target++] = (sum + (count >> 1)) / count;
    }
  }
}

/** The case of every second quality. */
function halvePlane(from: Uint8Array, fromAt: number, to: Uint8Array, toAt: number, width: number, height: number) {
  let target = toAt;
  const stride = 2 * width;
  for (let y = 0; y < height; y++) {
    let at = fromAt + 2 * y * stride;
    for (let x = 0; x < width; x++, at += 2)
      to[target++] = (from[at]! + from[at + 1]! + from[at + stride]! + from[at + stride + 1]! + 2) >> 2;
  }
}
