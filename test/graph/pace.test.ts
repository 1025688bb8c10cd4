import { expect, test } from "vitest";
import { learn, rateOf } from "../../src/graph/pace";

test("a pace that is measured again and again is believed; one slow run is not", () => {
  const device = {} as GPUDevice;
  const msOf = (work: number) => work / rateOf(device, true);
  const took = (work: number, ms: number) => learn(device, true, work, ms);
  expect(msOf(1e7)).toBe(5); // as software is taken to be
  for (let i = 0; i < 40; i++) took(50_000, 1 + 10); // a round trip, and 5000 per ms
  expect(msOf(50_000)).toBeCloseTo(10, 3);
  took(50_000, 2000); // a driver that compiled
  expect(msOf(50_000)).toBeLessThan(21);
  took(50_000, 0); // clocks of browsers stand still for some microseconds
  expect(Number.isFinite(msOf(50_000))).toBe(true);
  expect(rateOf({} as GPUDevice, false)).toBeGreaterThan(rateOf({} as GPUDevice, true));
});
