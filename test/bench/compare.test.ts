import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkComparable, compareResults, readResult } from "../../bench/compare";
import type { BenchResult, KernelRow } from "../../bench/result";
import { scaled } from "../../bench/spread";
import { sampleResult } from "./sample_result";

const sample = sampleResult();
const hardware = { ...sample.environment, adapter: "NVIDIA H200", software: false };

/** The sample with narrow ranges, and its first kernel `factor` times as slow. */
function result(factor: number, part: Partial<BenchResult> = {}): BenchResult {
  const kernels = sample.kernels.map((row, i): KernelRow => {
    const ms = row.ms * (i === 0 ? factor : 1);
    const spread = { median: ms, low: 0.98 * ms, high: 1.02 * ms, samples: 7 };
    return { ...row, ms, spread };
  });
  return { ...sample, environment: hardware, peers: [], kernels, ...part };
}

const row = `${sample.kernels[0].name} ${sample.kernels[0].shape}`;

describe("what changed beyond noise", () => {
  test("nothing between equal runs", () => {
    const { lines, slower } = compareResults(result(1), result(1));
    expect(slower).toBe(false);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/series, 0 changed beyond noise$/);
  });

  test("a row that got slower, and by how much", () => {
    const { lines, slower } = compareResults(result(1), result(1.3));
    expect(slower).toBe(true);
    expect(lines.slice(1)).toEqual([`slower   30 %  ${row}`]);
  });

  test("a row that got faster is no regression", () => {
    const { lines, slower } = compareResults(result(1.25), result(1));
    expect(slower).toBe(false);
    expect(lines.slice(1)).toEqual([`faster   20 %  ${row}`]);
  });

  test("medians apart while the ranges touch are noise", () => {
    const now = result(1.3);
    const wide = { ...now.kernels[0].spread, low: 0.9 * sample.kernels[0].ms };
    const kernels = [{ ...now.kernels[0], spread: wide }, ...now.kernels.slice(1)];
    expect(compareResults(result(1), { ...now, kernels }).slower).toBe(false);
  });

  test("less than 5 % is noise however narrow the ranges", () => {
    expect(compareResults(result(1), result(1.045)).slower).toBe(false);
  });

  test("a row that is refused now", () => {
    const now = result(1, { kernels: result(1).kernels.slice(1), notes: [`${row} was refused`] });
    expect(compareResults(result(1), now)).toMatchObject({ slower: true });
    expect(compareResults(result(1), { ...now, notes: [] }).slower).toBe(false);
  });
});

describe("software adapters", () => {
  const software = { environment: sample.environment };

  test("a machine half as fast is no regression", () => {
    const { fmaGflops } = sample.ceilings;
    const kernels = result(1).kernels.map((each) => ({ ...each, spread: scaled(each.spread, 2) }));
    const ceilings = { ...sample.ceilings, fmaGflops: fmaGflops / 2 };
    const { lines, slower } = compareResults(
      result(1, software),
      result(1, { ...software, kernels, ceilings }),
    );
    expect(slower).toBe(false);
    expect(lines[1]).toMatch(/scaled by the FMA ceilings of both runs \(0\.50\)/);
    const still = result(1, { kernels, ceilings });
    expect(compareResults(result(1), still).slower, "hardware is not scaled").toBe(true);
  });

  test("less than 15 % is noise", () => {
    expect(compareResults(result(1, software), result(1.14, software)).slower).toBe(false);
    expect(compareResults(result(1, software), result(1.3, software)).slower).toBe(true);
  });
});

test("results of another adapter are refused", () => {
  expect(() => checkComparable(sample, hardware)).toThrow(
    /is of llvmpipe.*, this is NVIDIA H200; compare runs of one adapter/,
  );
  expect(() => checkComparable(sample, sample.environment)).not.toThrow();
});

describe("files that cannot be compared with", () => {
  test.each([
    ["none", undefined, /cannot be read \(ENOENT\); name a file that --json wrote/],
    ["no JSON", "{", /is not JSON/],
    ["null", "null", /is not a result of version 1/],
    ["another version", JSON.stringify({ ...sample, version: 2 }), /is not a result of version 1/],
    ["no kernels", JSON.stringify({ ...sample, kernels: 7 }), /is not a result of version 1/],
  ])("%s", async (_, text, sentence) => {
    const file = join(await mkdtemp(join(tmpdir(), "gpen-compare-")), "old.json");
    if (text !== undefined) await writeFile(file, text);
    await expect(readResult(file)).rejects.toThrow(sentence);
  });
});
