import { expect, test } from "vitest";
import { faultOf } from "../../src/restore/compute";

const [FINE, FLAT, BAD] = [
  [-1, 1, 0, 0],
  [0.5, 0.5, 0, 0],
  [-1, 1, 7, 0],
];
const of = (...rows: number[][]) => faultOf(Float32Array.from(rows.flat()));

test("of a batch the worst picture counts, wherever it is", () => {
  const bad = { fault: "7 numbers that are NaN or infinite", finite: false };
  const flat = { fault: "a flat picture (0.5 to 0.5)", finite: true };
  expect(of(FINE, FINE)).toEqual({ fault: undefined, finite: true });
  expect(of(FINE, FLAT)).toEqual(flat);
  expect(of(FLAT, FINE)).toEqual(flat);
  // one colour may be what the first picture is; that excuses nothing of the second
  for (const rows of [
    [FLAT, BAD],
    [BAD, FLAT],
    [FINE, BAD],
  ])
    expect(of(...rows)).toEqual(bad);
});
