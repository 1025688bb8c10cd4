import { flatten } from "../../src/kernels/flatten";
import { checkKernel } from "./check_kernel";

checkKernel(flatten, {
  tolerance: 0, // a copy
  cases: [
    { why: "GPEN's last feature", args: { x: [3, 8, 4, 4] } },
    { why: "channels that do not fill a quad", args: { x: [3, 5, 4, 4] } },
    { why: "numbers that do not fill a quad", args: { x: [3, 3, 1, 3] } },
    { why: "one number", args: { x: [1, 1, 1, 1] } },
    { why: "several workgroups", args: { x: [1, 17, 5, 8] } },
  ],
});
