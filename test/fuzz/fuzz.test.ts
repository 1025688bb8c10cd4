import { expect, test } from "vitest";
import { fuzz } from "./fuzz";

// 20,000 files keep this under 90 s on two slow cores; GPEN_FUZZ and GPEN_FUZZ_SEED ask for others.
const FILES = Number(process.env.GPEN_FUZZ ?? 20_000);
const SEED = Number(process.env.GPEN_FUZZ_SEED ?? 1);

test("damaged files are refused in a sentence, or load as a plain reader reads them", {
  timeout: 300_000,
}, async () => {
  const { outcomes, problems } = await fuzz(FILES, SEED);
  console.table(outcomes);
  expect(problems.slice(0, 5)).toEqual([]);
  for (const [format, { loaded, partly, refused }] of Object.entries(outcomes)) {
    // If nothing loads, or nothing is refused, the damage is too great or too small to tell anything.
    expect(loaded + partly, format).toBeGreaterThan(FILES / 2000);
    expect(refused, format).toBeGreaterThan(FILES / 100);
  }
});
