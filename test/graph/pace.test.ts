import { expect, test } from "vitest";
import { newPace } from "../../src/graph/pace";

test("a pace that is measured again and again is believed; one slow run is not", () => {
  const pace = newPace(1000);
  expect(pace.milliseconds(5000)).toBe(5);
  for (let i = 0; i < 20; i++) pace.learn(50_000, 1 + 10); // a round trip, and 5000 per ms
  expect(pace.milliseconds(50_000)).toBeCloseTo(10, 3);
  pace.learn(50_000, 2000); // a driver that compiled
  expect(pace.milliseconds(50_000)).toBeLessThan(21);
  pace.learn(50_000, 0); // clocks of browsers stand still for some microseconds
  expect(Number.isFinite(pace.milliseconds(50_000))).toBe(true);
});
