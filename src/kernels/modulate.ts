import wgsl from "../../shaders/modulate.wgsl?raw";
import { ShapeError } from "../errors";
import { show } from "../tensor";
import { type Kernel, STRIP_BYTES } from "./kernel";
import { IMAGE, VECTOR } from "./layout";
import { inputChannels, type ModulatedInput, modulatedParams, modulatedSizes } from "./modulation";
import { pixelwise } from "./pixelwise";

/**
 * modulate: y = concat(x, noise half) · s, for convolutions that do not modulate what they load.
 *
 * Shapes    x (n or 1, cX, h, w), e (n, cE, h, w), e_activation (4 + cE), s (n, all styles)
 *           → y (n, cX + cE, h, w); cX is a multiple of 4 where there is an e
 * Units     s is normalised to a largest magnitude of 1 per layer, so that y is as large as x and e
 * Errors    ShapeError if the halves and the styles do not belong together
 * Cost      bound by memory: 8 bytes per number
 * Accuracy  four roundings; compared at 1e-6
 * Source    GPEN face_model/gpen_model.py, NoiseInjection(isconcat=True), ModulatedConv2d
 */
export const modulate: Kernel<ModulatedInput> = {
  name: "modulate",
  wgsl,
  bindings: ["params", "x", "e", "e_activation", "s", "y"],
  stripBytes: STRIP_BYTES,

  outputShape(args) {
    const { n, h, w } = modulatedSizes("modulate", args, {});
    const { x, e } = args;
    if (e && x[1] % 4 !== 0) {
      throw new ShapeError(
        `modulate: x ${show(x)} must have a multiple of 4 channels, so that e ${show(e)} follows in whole quads`,
      );
    }
    return [n, inputChannels(args), h, w];
  },

  layouts: () => ({ x: IMAGE, e: IMAGE, e_activation: VECTOR, s: VECTOR, y: IMAGE }),

  plan(args, band) {
    const { x_quads, e_quads, ...geometry } = modulatedParams(args);
    const dispatch = pixelwise(args.x, x_quads + e_quads, band, { x_quads, e_quads, ...geometry });
    const { x_base, e_base = 0, y_base, ...params } = dispatch.params;
    return { ...dispatch, params: { ...params, x_base, e_base, y_base } };
  },

  inputRows: (_args, _name, rows) => rows,
};
