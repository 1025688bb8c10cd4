import { expect, test } from "vitest";
import { openBlank } from "./browser";

test("canRun says what a software adapter is and takes", async () => {
  const page = await openBlank();
  const said = await page.evaluate(() => gpen.canRun(gpen.EMBEDDED_CONFIG));
  expect(said).toMatchObject({ ok: true, software: true, precision: "f32" });
  expect(said.adapter).toMatch(/\(software\)$/);
});
