import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { gpen } from "../cli/gpen";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MAIN = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));
const TSX = fileURLToPath(new URL("../../node_modules/tsx/dist/cli.mjs", import.meta.url));

describe("gpen bench: wrong usage exits 2 with one line", () => {
  test.each([
    ["--suite some", /'some' is invalid.*peers, kernels, all/],
    ["--model 128", /'128' is invalid.*tiny, 256, 512, 1024/],
    ["--precision f64", /f32, f16/],
    ["--minutes 0", /'0' is invalid.*whole number from 1 to 600/],
    ["--kernel", /argument missing/],
    ["extra", /too many arguments/],
  ])("bench %s", async (args, sentence) => {
    const { code, out, err } = await gpen("bench", ...args.split(" "));
    expect(err).toMatch(sentence);
    expect([code, out, err.trimEnd().split("\n").length]).toEqual([2, "", 1]);
  });
});

/** The benchmark as the command starts it, in a process of its own. */
async function start(options: object) {
  const given = { suite: "kernels", model: "tiny", adapter: "auto", precision: "f32", ...options };
  const run = promisify(execFile)(process.execPath, [TSX, MAIN, JSON.stringify(given)], {
    cwd: ROOT,
  });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );
}

test("its sources start outside the tests too, and --list needs no GPU", async () => {
  expect(existsSync(TSX)).toBe(true);
  const { code, stdout, stderr } = await start({ list: true, kernel: "conv2d" });
  expect([code, stderr]).toEqual([0, ""]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatch(
    /^conv2d {2}1x24x128x128, w 24x3x1x1.* {2}0\.001 GMAC {2}# tiny ecd0, ecd0\.again$/,
  );
});

test("a kernel that is not there ends it with 2 and the names", async () => {
  const { code, stdout, stderr } = await start({ kernel: "conv" });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^bench: there is no kernel conv; use one of conv2d, /);
});
