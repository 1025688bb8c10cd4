import wgsl from "../../shaders/style_normalise.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { type Kernel, quads, WORKGROUP } from "./kernel";
import { VECTOR } from "./layout";

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

  outputShape({ s, layers }) {
    if (s.length !== 2 || s[1] % 4 !== 0 || layers.length !== 2 || layers[1] !== 4) {
      throw new ShapeError(
        `style_normalise: s ${show(s)} must be (n, m) with m a multiple of 4, and layers ${show(layers)} (l, 4)`,
      );
    }
    return [s[0], s[1] + layers[0]];
  },

  layouts: () => ({ s: VECTOR, layers: VECTOR, y: VECTOR }),

  plan: ({ s, layers }) => ({
    params: { s_quads: s[1] / 4, y_quads: quads(s[1] + layers[0]), half: WORKGROUP / 2 },
    workgroups: [layers[0], s[0], 1],
  }),
};
