import { expect, test } from "vitest";
import { expectClose, largestDifference } from "../compare";

const want = Float32Array.of(1, -4, 2, 3);

test("the comparator passes what lies within tolerance of the largest value", () => {
  expectClose(want, want, 0, "itself");
  expectClose([1.04, -4, 2, 3], want, 0.0101, "0.04 of 4 is 0.01");
});

test.each([
  ["one number beyond tolerance", [1.05, -4, 2, 3]],
  ["a sign", [1, 4, 2, 3]],
  ["NaN", [1, -4, Number.NaN, 3]],
  ["infinity", [1, -4, Infinity, 3]],
  ["zeros", [0, 0, 0, 0]],
  ["a number missing", [1, -4, 2]],
  ["a number too many", [1, -4, 2, 3, 3]],
])("the comparator fails on %s", (_, got) => {
  expect(() => expectClose(got, want, 0.0101, "corrupted")).toThrow("corrupted");
});

test("NaN on both sides is no agreement", () => {
  const nan = [1, Number.NaN];
  expect(() => expectClose(nan, nan, 1, "both")).toThrow("both");
});

test("the difference says where it is, and both values", () => {
  const found = largestDifference([1, -4, 2.5, 3.25], want);
  expect(found).toEqual({ index: 2, got: 2.5, want: 2, relative: 0.125 }); // 0.5 / 4, exact in f32
  expect(() => expectClose([1, -4, 2.5, 3.25], want, 0.1, "it")).toThrow(
    "it: differs most at 2: got 2.5, want 2, 1.25e-1 of the largest value, allowed 0.1",
  );
});
