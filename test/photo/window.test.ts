import { expect, test } from "vitest";
import { windowOf } from "../../src/photo/window";

const [RED, HIDDEN, FAINT] = [
  [200, 10, 20, 255],
  [0, 255, 255, 0],
  [100, 210, 120, 51],
];

test("in the mean of a block a colour counts as much as is seen of it", () => {
  const rows = [
    [RED, HIDDEN, HIDDEN, HIDDEN, RED, FAINT],
    [HIDDEN, RED, HIDDEN, HIDDEN, FAINT, RED],
  ];
  const photo = { data: Uint8ClampedArray.from(rows.flat(2)), width: 6, height: 2 };
  const { data } = windowOf(photo, { x: 0, y: 0, width: 6, height: 2 }, 2);
  const blocks = [0, 1, 2].map((i) => [...data.subarray(4 * i, 4 * i + 4)]);
  expect(blocks[0]).toEqual([200, 10, 20, 128]);
  expect(blocks[1][3], "what cannot be seen stays transparent").toBe(0);
  // five parts of red, one of the faint colour
  expect(blocks[2]).toEqual([183, 43, 37, 153]);
});
