import { describe, expect, test } from "vitest";
import schema from "../../bench/result.schema.json";
import { sampleResult } from "./sample_result";
import { violations } from "./schema";

const sample = sampleResult();

test("a result is what the schema says", () => {
  expect(violations(schema, sample)).toEqual([]);
});

describe("the schema refuses", () => {
  const { commit: _, ...withoutCommit } = sample;
  const [row] = sample.kernels;
  const [peer] = sample.peers;
  test.each<[string, object, RegExp]>([
    ["a part that is missing", withoutCommit, /result lacks commit/],
    ["a part that it does not know", { ...sample, extra: 1 }, /result\.extra is not in the schema/],
    ["another version", { ...sample, version: 2 }, /result\.version is not 1/],
    [
      "a time that is not a number",
      { ...sample, kernels: [{ ...row, ms: Number.NaN }] },
      /\.ms is/,
    ],
    ["a time below 0", { ...sample, kernels: [{ ...row, ms: -1 }] }, /ms is -1, below 0/],
    [
      "a phase of another name",
      { ...sample, peers: [{ ...peer, phase: "hot" }] },
      /is none of cold/,
    ],
  ])("%s", (_, result, sentence) => {
    expect(violations(schema, result).join("\n")).toMatch(sentence);
  });
});
