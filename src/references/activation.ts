/**
 * √2 · leaky_relu(v, 0.2), the activation of every layer of GPEN that has one. √2 restores the
 * variance that the ReLU removes. Source: GPEN face_model/op/fused_act.py.
 */
export function scaledLeakyRelu(v: number): number {
  return Math.SQRT2 * (v >= 0 ? v : 0.2 * v);
}

/**
 * The encoder half of a styled convolution's output: √2 · leaky_relu(weight · feature + bias, 0.2).
 * `activation` is [noise weight, 0, 0, 0, bias of channel 0, 1, ...].
 */
export function noiseHalf(feature: number, activation: Float32Array, channel: number): number {
  return scaledLeakyRelu(activation[0] * feature + activation[4 + channel]);
}
