import { expect, test } from "vitest";
import { around, entire, held, opening, seen, zoomed } from "../../site/view/place";

const VIEW = { width: 800, height: 600 };
const PHOTO = { width: 4000, height: 3000 };

test("a photo is shown whole, in the middle, with air around it", () => {
  const place = entire(VIEW, PHOTO);
  expect(place.scale).toBeCloseTo(552 / 3000, 12);
  expect(place.x).toBeCloseTo((800 - 4000 * place.scale) / 2, 9);
  expect(place.y).toBeCloseTo(24, 9);
});

test("a small face is not enlarged without end", () => {
  expect(entire(VIEW, { width: 32, height: 32 }).scale).toBe(8);
});

test("zooming keeps the point under the pointer where it is", () => {
  const at = { x: 300, y: 250 };
  const from = entire(VIEW, PHOTO);
  const to = zoomed(from, 3, at, VIEW, PHOTO);
  const under = ({ x, y, scale }: typeof from) => [(at.x - x) / scale, (at.y - y) / scale];
  expect(to.scale).toBeCloseTo(3 * from.scale, 12);
  expect(under(to)[0]).toBeCloseTo(under(from)[0], 6);
  expect(under(to)[1]).toBeCloseTo(under(from)[1], 6);
});

test("zooming out ends at the whole photo, zooming in at single pixels", () => {
  const at = { x: 0, y: 0 };
  const from = entire(VIEW, PHOTO);
  expect(zoomed(from, 0.1, at, VIEW, PHOTO)).toEqual(from);
  expect(zoomed(from, 1e6, at, VIEW, PHOTO).scale).toBe(24);
});

test("a large photo cannot be pushed out of sight", () => {
  const far = held({ x: 5000, y: -90_000, scale: 1 }, VIEW, PHOTO);
  expect(far).toEqual({ x: 24, y: 600 - 3000 - 24, scale: 1 });
});

test("a face that is looked at lies in the middle", () => {
  const box = { x: 1000, y: 900, width: 200, height: 300 };
  const { x, y, scale } = around(box, VIEW, PHOTO);
  expect(x + scale * 1100).toBeCloseTo(400, 9);
  expect(y + scale * 1050).toBeCloseTo(300, 9);
  expect(scale * 300).toBeLessThan(600);
});

test("a photo that is opened at a face fills the viewport, the face as near its middle as that lets it", () => {
  const face = { x: 1900, y: 100, width: 300, height: 300 };
  const { x, y, scale } = opening(face, VIEW, PHOTO);
  expect(x + scale * 2050).toBeCloseTo(400, 9);
  expect(y).toBe(0);
  expect(scale * 300).toBeCloseTo(0.34 * 600, 9);
});

test("the line moves over what is seen of the photo", () => {
  expect(seen({ x: 124, y: 0, scale: 0.138 }, VIEW, PHOTO)).toEqual([124, 124 + 4000 * 0.138]);
  expect(seen({ x: -500, y: 0, scale: 1 }, VIEW, PHOTO)).toEqual([0, 800]);
});

test("a low viewport, that of a phone held sideways, spares the air", () => {
  const { scale } = entire({ width: 560, height: 300 }, PHOTO);
  expect(scale).toBeCloseTo((300 - 2 * 12) / 3000, 12);
});
