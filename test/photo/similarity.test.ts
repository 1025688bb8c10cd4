import { expect, test } from "vitest";
import { ShapeError } from "../../src/errors";
import type { Point } from "../../src/photo/face";
import { maskEllipse } from "../../src/photo/mask";
import { similarity } from "../../src/photo/similarity";
import {
  TEMPLATE_NAMES,
  type TemplateName,
  templateFor,
  templatePoints,
} from "../../src/photo/templates";
import {
  apply,
  compose,
  inverse,
  resizing,
  scaleOf,
  type Transform,
} from "../../src/photo/transform";
import { gaussian } from "../../src/random";

const close = (got: readonly number[], want: readonly number[], tolerance: number) => {
  expect(got.length).toBe(want.length);
  for (const [i, v] of got.entries())
    expect(Math.abs(v - want[i]) <= tolerance, `${i}: ${v}, want ${want[i]}`).toBe(true);
};

test("a similarity is found again from its points, to 1e-9", () => {
  const random = gaussian(3);
  for (let i = 0; i < 200; i++) {
    const [a, b] = [random(), random()];
    const want: Transform = [a, -b, 100 * random(), b, a, 100 * random()];
    const from = Array.from({ length: 5 }, () => ({ x: 300 * random(), y: 300 * random() }));
    close(
      similarity(
        from,
        from.map((point) => apply(want, point)),
      ),
      want,
      1e-9,
    );
  }
});

test("no other similarity is closer in the least-squares sense", () => {
  const random = gaussian(4);
  const points = () => Array.from({ length: 5 }, () => ({ x: 50 * random(), y: 50 * random() }));
  const [from, to] = [points(), points()];
  const error = (t: Transform) =>
    from.reduce((sum, point, i) => {
      const { x, y } = apply(t, point);
      return sum + (x - to[i].x) ** 2 + (y - to[i].y) ** 2;
    }, 0);
  const [a, b, c, d, e, f] = similarity(from, to);
  const least = error([a, b, c, d, e, f]);
  for (const step of [1e-3, -1e-3]) {
    expect(error([a + step, b, c, d, e + step, f])).toBeGreaterThan(least);
    expect(error([a, b - step, c, d + step, e, f])).toBeGreaterThan(least);
    expect(error([a, b, c + step, d, e, f])).toBeGreaterThan(least);
    expect(error([a, b, c, d, e, f + step])).toBeGreaterThan(least);
  }
});

test("a mirrored face is turned, never mirrored", () => {
  const template = templatePoints("ffhq", 128);
  const [a, b, , d, e] = similarity(
    template.map(({ x, y }) => ({ x: -x, y })),
    template,
  );
  expect(a * e - b * d).toBeGreaterThan(0);
});

test("points in one place, or that are no numbers, are refused in one sentence", () => {
  const refused = (points: readonly Point[]) => () =>
    similarity(points, templatePoints("gpen", 512));
  const one = Array.from({ length: 5 }, () => ({ x: 7, y: 9 }));
  expect(refused(one)).toThrow(ShapeError);
  expect(refused(one)).toThrow(/^align: the points \(7, 9\).* must be the eyes, nose and corners/);
  expect(refused([...one.slice(1), { x: Number.NaN, y: 1 }])).toThrow(/\(NaN, 1\)/);
});

test("transforms compose, and their inverses undo them", () => {
  const [t, u]: Transform[] = [
    [1.3, -0.4, 7, 0.4, 1.3, -9],
    [0.2, 0.5, -3, -0.6, 0.9, 14],
  ];
  const point = { x: 12, y: -5 };
  const { x, y } = apply(compose(t, u), point);
  const want = apply(t, apply(u, point));
  close([x, y], [want.x, want.y], 1e-12);
  close(compose(inverse(u), u), [1, 0, 0, 0, 1, 0], 1e-12);
  expect(scaleOf(t)).toBeCloseTo(Math.hypot(1.3, 0.4), 12);
  // corners fall on corners: those of 4 px lie at -0.5 and 3.5, those of 8 px at -0.5 and 7.5
  expect(apply(resizing(2, 2), { x: -0.5, y: 3.5 })).toEqual({ x: -0.5, y: 7.5 });
});

test("templates: published numbers at 512, corners on corners at other sizes", () => {
  expect(templatePoints("gpen", 512)[0]).toEqual({ x: 202, y: 242.9 });
  expect(templatePoints("ffhq", 128)[3].x).toBeCloseTo((201.3 + 0.5) / 4 - 0.5, 12);
  const eyes = TEMPLATE_NAMES.map((name) => {
    const [left, right] = templatePoints(name, 512);
    return Math.round(right.x - left.x);
  });
  expect([TEMPLATE_NAMES, eyes]).toEqual([
    ["gpen", "ffhq", "arcface"],
    [107, 126, 141],
  ]);
  expect([128, 256, 512].map((inSize) => templateFor({ inSize }))).toEqual([
    "ffhq",
    "gpen",
    "gpen",
  ]);
  expect(() => templatePoints("toString" as TemplateName, 512)).toThrow(
    "align: template toString must be one of gpen, ffhq, arcface",
  );
});

test("masks hold eyes and mouth whole, and stay clear of the crop's edge", () => {
  for (const name of TEMPLATE_NAMES) {
    for (const side of [32, 128, 2048]) {
      const { x, y, radiusX, radiusY } = maskEllipse(name, side);
      for (const point of templatePoints(name, side)) {
        const radius = Math.hypot((point.x - x) / radiusX, (point.y - y) / radiusY);
        expect(radius, `${name} at ${side}`).toBeLessThan(0.7);
      }
      for (const edge of [x - radiusX, y - radiusY, side - 1 - x - radiusX, side - 1 - y - radiusY])
        expect(edge, `${name} at ${side}`).toBeGreaterThan(0.019 * side);
    }
  }
});
