import { flatten } from "../../src/kernels/flatten";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(flatten, {
  tolerance: 0, // a copy
  cases: ["odd", "quads", "one channel"].map((name) => ({ name, attributes: {} })),
});

checkRefusals(flatten, [[{ x: [8, 4] }, "flatten: x (8, 4) must be (n, c, h, w)"]]);
