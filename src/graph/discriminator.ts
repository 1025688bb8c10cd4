import { conv2d } from "../kernels/conv2d";
import { fir } from "../kernels/fir";
import { flatten } from "../kernels/flatten";
import { IMAGE } from "../kernels/layout";
import { linear } from "../kernels/linear";
import { minibatchStddev } from "../kernels/minibatch_stddev";
import { residualAdd } from "../kernels/residual_add";
import { channels, type GpenConfig, resolutions } from "../weights/config";
import { input, type Node, op, weight } from "./node";

/**
 * StyleGAN2's discriminator: an image (n, 3, outSize, outSize) to logits (n, 1), and the features of
 * every stage, which the feature-matching loss compares. The minibatch group is the whole batch.
 * Source: GPEN face_model/gpen_model.py, Discriminator and ResBlock.
 */
export function discriminator(config: GpenConfig, n: number): { logits: Node; features: Node[] } {
  const [side, ...smaller] = resolutions(config.outSize).reverse();
  const picture = input("input", [n, 3, side, side], IMAGE);
  let x = convLayer("convs.0", picture, channels(config, side), 1);
  const features = [x];
  for (const [i, r] of smaller.entries()) {
    x = resBlock(`convs.${i + 1}`, x, channels(config, r));
    features.push(x);
  }
  const c = channels(config, 4);
  const deviation = op(minibatchStddev, "stddev", { x }, {});
  const last = op(flatten, "flatten", { x: convLayer("final_conv", deviation, c, 3) }, {});
  const hidden = fullyConnected("final_linear.0", last, c, true);
  return { logits: fullyConnected("final_linear.1", hidden, 1, false), features };
}

function resBlock(name: string, x: Node, cOut: number): Node {
  const c = x.shape[1];
  const first = convLayer(`${name}.conv1`, x, c, 3);
  const blurred = op(
    fir,
    `${name}.conv2.blur`,
    { x: first },
    { pad: { before: 2, after: 2 }, stride: 1, gain: 1 },
  );
  const a = op(
    conv2d,
    `${name}.conv2`,
    {
      x: blurred,
      w: weight(`${name}.conv2.1.weight`, [cOut, c, 3, 3]),
      b: weight(`${name}.conv2.2.bias`, [cOut]),
    },
    { stride: 2, pad: 0, activate: true },
  );
  // The 1x1 convolution of stride 2 sees every other pixel, so the filter keeps no more of them.
  const halved = op(
    fir,
    `${name}.skip.blur`,
    { x },
    { pad: { before: 1, after: 1 }, stride: 2, gain: 1 },
  );
  const w = weight(`${name}.skip.1.weight`, [cOut, c, 1, 1]);
  const b = op(conv2d, `${name}.skip`, { x: halved, w }, { stride: 1, pad: 0, activate: false });
  return op(residualAdd, name, { a, b }, {});
}

function convLayer(name: string, x: Node, cOut: number, k: 1 | 3): Node {
  const w = weight(`${name}.0.weight`, [cOut, x.shape[1], k, k]);
  const b = weight(`${name}.1.bias`, [cOut]);
  return op(conv2d, name, { x, w, b }, { stride: 1, pad: (k - 1) / 2, activate: true });
}

function fullyConnected(name: string, x: Node, m: number, activate: boolean): Node {
  const w = weight(`${name}.weight`, [m, x.shape[1]]);
  return op(linear, name, { x, w, b: weight(`${name}.bias`, [m]) }, { activate });
}
