import wgsl from "../../shaders/style_normalise.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { type Kernel, quads, WORKGROUP } from "./kernel";
import { VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface StyleNormalise {
  readonly s: Shape;
  /** (l, 4): per layer [first quad, quads, 1 to normalise or 0, 0]. */
  readonly layers: Shape;
}

/**
 * style_normalise: y = s / max|s| within each demodulated layer; toRGB's styles stay as they are.
 *
 * Shapes    s (n, m), layers (l, 4) → y (n, m + l): styles, then each layer's magnitude
 * Units     magnitude 1 where a layer is not normalised or all its styles are 0
 * Errors    ShapeError if s is not a batch of whole quads or layers not a table of four columns
 * Cost      8 bytes per style; one workgroup per layer and sample
 * Accuracy  one division: equal to the reference within 3 ulp, which WGSL allows
 * Source    StyleGAN2-ADA training/networks.py, modulated_conv2d (pre-normalisation for f16)
 */
export const styleNormalise: Kernel<StyleNormalise> = {
  name: "style_normalise",
  wgsl,
  bindings: ["params", "s", "layers", "y"],

  outputShape(args) {
    const { n, m, l } = sizesOf("style_normalise", args, { s: "n m", layers: "l 4" });
    if (m % 4 !== 0) {
      throw new ShapeError(`style_normalise: s ${show(args.s)} must be whole quads of styles`);
    }
    return [n, m + l];
  },

  layouts: () => ({ s: VECTOR, layers: VECTOR, y: VECTOR }),

  plan: ({ s, layers }) => ({
    params: { s_quads: s[1] / 4, y_quads: quads(s[1] + layers[0]), half: WORKGROUP / 2 },
    workgroups: [layers[0], s[0], 1],
  }),
};
