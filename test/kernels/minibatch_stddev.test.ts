import { minibatchStddev } from "../../src/kernels/minibatch_stddev";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(minibatchStddev, {
  tolerance: 1e-6, // PyTorch means up to 128 square roots in f32
  cases: ["odd", "quads", "one channel"].map((name) => ({ name, attributes: {} })),
});

checkRefusals(minibatchStddev, [
  [{ x: [8, 4] }, "minibatch_stddev: x (8, 4) must be (n, c, h, w)"],
]);
