import { expect, test } from "vitest";
import { chooseFaces, type Only } from "../../src/photo/choose_faces";
import { faceAt } from "./astronaut";

const faces = [0.5, 2, 1, 3].map((scale) => faceAt([scale, 0, 0, 0, scale, 0]));
const indices = (only?: Only) => chooseFaces(faces, only).map((face) => faces.indexOf(face));

test("all faces, the largest, or the N largest, in the order in which they came", () => {
  expect([indices(), indices("all"), indices("largest"), indices(2), indices(9)]).toEqual([
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [3],
    [1, 3],
    [0, 1, 2, 3],
  ]);
  expect(chooseFaces([], "largest")).toEqual([]);
});

test.each([0, 1.5, -1, "some" as Only])("only %s is refused in one sentence", (only) => {
  expect(() => chooseFaces(faces, only)).toThrow(
    `restorePhoto: only ${only} must be "all", "largest" or a whole number from 1 on`,
  );
});
