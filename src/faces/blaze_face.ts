import { type Node, op, weight } from "../graph/node";
import { convSame } from "../kernels/conv_same";
import { depthwiseConv } from "../kernels/depthwise_conv";

/** Output channels of the blocks, and those that halve the side. */
const CHANNELS = [24, 28, 32, 36, 42, 48, 56, 64, 72, 80, 88, 96, 96, 96, 96, 96];
const HALVING = [2, 5, 11];

/** Numbers per anchor beside its score: box (x, y, width, height) and six points (x, y). */
export const BOX = 16;
/** Anchors at each place of the two heads. */
export const ANCHORS = { head8: 2, head16: 6 } as const;

/**
 * BlazeFace's short-range model: pictures (n, 3, h, w) in [-1, 1], sides multiples of 16, to scores and
 * boxes of the anchors at every eighth and every sixteenth pixel. It was trained at 128 px and has no
 * layer that depends on the side: at 256 px it finds the same faces, 16 to 110 px wide.
 *
 * Shapes    head8 (n, 2 + 2 · 16, h / 8, w / 8): the scores' logits, then the boxes, in pixels from the
 *           place's centre; head16 (n, 6 + 6 · 16, h / 16, w / 16)
 * Source    BlazeFace (arXiv 1907.05047); face_detection_short_range.tflite
 */
export function blazeFace(picture: Node): { head8: Node; head16: Node } {
  let x: Node = convolve("first", picture, 24, { k: 5, stride: 2 });
  let eighth = x;
  for (const [i, c] of CHANNELS.entries()) {
    const [, cIn] = x.shape;
    const stride = HALVING.includes(i) ? 2 : 1;
    if (i === HALVING[2]) eighth = x;
    const spread = op(
      depthwiseConv,
      `blaze_face.${i}.depthwise`,
      {
        x,
        w: weight(`blaze_face.${i}.depthwise.weight`, [1, cIn, 3, 3]),
        b: weight(`blaze_face.${i}.depthwise.bias`, [cIn]),
      },
      { stride, relu: false },
    );
    x = convolve(`${i}.pointwise`, spread, c, { skip: x });
  }
  const head = (stride: 8 | 16, features: Node) =>
    convolve(`head${stride}`, features, ANCHORS[`head${stride}`] * (1 + BOX), { relu: false });
  return { head8: head(8, eighth), head16: head(16, x) };
}

interface Convolution {
  readonly k?: number;
  readonly stride?: 1 | 2;
  readonly relu?: boolean;
  readonly skip?: Node;
}

function convolve(
  name: string,
  x: Node,
  cOut: number,
  { k = 1, stride = 1, relu = true, skip }: Convolution,
): Node {
  const w = weight(`blaze_face.${name}.weight`, [cOut, x.shape[1], k, k]);
  const b = weight(`blaze_face.${name}.bias`, [cOut]);
  return op(convSame, `blaze_face.${name}`, { x, w, b, skip }, { stride, relu });
}
