import { expect, test } from "vitest";
import { openCeilings } from "../../bench/ceilings";
import { openTestGpu } from "../gpu";

test("the ceilings are positive rates, medians of what was measured", async () => {
  const meter = await openCeilings(await openTestGpu());
  await meter.measure();
  await meter.measure();
  const { fmaGflops, matmulGflops, copyGbps } = meter.ceilings();
  meter.dispose();
  // a tiled product cannot make more multiply-adds than registers alone can; 10 % for the clock
  expect(matmulGflops).toBeLessThan(1.1 * fmaGflops);
  for (const rate of [fmaGflops, matmulGflops, copyGbps]) expect(rate).toBeGreaterThan(0.05);
});
