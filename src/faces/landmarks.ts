import { constant, type Node, op, weight } from "../graph/node";
import { convSame } from "../kernels/conv_same";
import { depthwiseConv } from "../kernels/depthwise_conv";

/** Side of the pictures that it takes; the last features have an eighth of it. */
export const LANDMARKS_SIDE = 112;
const FEATURES_SIDE = LANDMARKS_SIDE / 8;

const CHANNELS = [32, 64, 128];
/** Levels of red, green and blue that stand for 0. */
const MEAN = [122.782, 117.001, 104.298];

/**
 * The 68-point network of face-api, reduced to five: upright faces (n, 3, 112, 112) in [-1, 1] to
 * (n, 10, 1, 1), x and y of left eye, right eye, nose, left and right corner of the mouth, as parts of
 * the side. An eye is the mean of its six points.
 * Source: @vladmandic/face-api, FaceLandmark68TinyNet.
 */
export function landmarks(picture: Node): Node {
  const half = constant("landmarks.half", [1, 3, 1, 1], [0.5, 0.5, 0.5]);
  const centre = MEAN.map((level) => 0.5 - level / 255);
  const b = constant("landmarks.centre", [3], centre);
  let x: Node = op(
    depthwiseConv,
    "landmarks.centred",
    { x: picture, w: half, b },
    { stride: 1, relu: false },
  );
  for (const [i, c] of CHANNELS.entries()) x = denseBlock(`landmarks.dense${i}`, x, c, i === 0);
  const pixels = FEATURES_SIDE ** 2;
  const taps = constant(
    "landmarks.mean",
    [1, 128, FEATURES_SIDE, FEATURES_SIDE],
    [...new Float32Array(128 * pixels).fill(1 / pixels)],
  );
  const mean = op(
    depthwiseConv,
    "landmarks.mean",
    { x, w: taps },
    { stride: FEATURES_SIDE, relu: true },
  );
  return convolve("landmarks.points", mean, 10);
}

/**
 * a = relu(conv(x)), halved; y = a + conv(a) + conv(relu(a + conv(a))). The ReLU of y is left to
 * whoever reads it.
 */
function denseBlock(name: string, x: Node, c: number, first: boolean): Node {
  const layer = (i: number) => `${name}.conv${i}`;
  const a = first
    ? convolve(layer(0), x, c, { k: 3, stride: 2, relu: true })
    : separable(layer(0), x, c, { stride: 2, relu: true });
  const b = separable(layer(1), a, c, { skip: a });
  return separable(layer(2), b, c, { skip: b });
}

interface Convolution {
  readonly k?: number;
  readonly stride?: 1 | 2;
  readonly relu?: boolean;
  readonly skip?: Node;
}

function convolve(name: string, x: Node, cOut: number, options: Convolution = {}): Node {
  const { k = 1, stride = 1, relu = false, skip } = options;
  const at = k === 1 && name.includes("conv") ? `${name}.pointwise` : name;
  const w = weight(`${at}.weight`, [cOut, x.shape[1], k, k]);
  const b = weight(`${name}.bias`, [cOut]);
  return op(convSame, name, { x, w, b, skip }, { stride, relu });
}

/** A depthwise convolution of the ReLU of x, then a pointwise one. */
function separable(name: string, x: Node, cOut: number, options: Convolution): Node {
  const { stride = 1, ...rest } = options;
  const w = weight(`${name}.depthwise.weight`, [1, x.shape[1], 3, 3]);
  const spread = op(depthwiseConv, `${name}.depthwise`, { x, w }, { stride, relu: true });
  return convolve(name, spread, cOut, rest);
}
