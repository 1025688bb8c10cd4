import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { measureInBrowser } from "../../bench/browser";
import { deadlineIn } from "../../bench/deadline";
import { peerRow, timeInTurn } from "../../bench/in_turn";
import { faultOf } from "../../bench/page/beside";
import { browserIn, browserOf } from "../../bench/page/environment";
import { smallConfig } from "../../bench/page/models";
import { onnxFile } from "../../bench/page/onnx_file";
import { DEFAULTS, optionsOf, PATTERNS, queryOf } from "../../bench/page/options";
import { planesOf, rgbaOf } from "../../bench/page/picture";
import { writeRandom } from "../bench_onnx/written";

const read = (query: string) => optionsOf(new URLSearchParams(query));

describe("the page's link", () => {
  test("says what it was made of, and nothing says the defaults", () => {
    const options = {
      models: [{ choice: "256", runs: 1 }],
      patterns: ["lean"],
      minutes: 2.5,
      ceilings: false,
    } as const;
    expect(optionsOf(queryOf(options))).toEqual(options);
    expect(read("")).toEqual(DEFAULTS);
  });

  test("may leave out the runs, and name no peer", () => {
    const { models, patterns } = read("models=random-32,tiny:7&patterns=");
    expect(models).toEqual([
      { choice: "random-32", runs: 5 },
      { choice: "tiny", runs: 7 },
    ]);
    expect(patterns).toEqual([]);
  });

  test.each([
    ["models=300", 'page: there is no model "300"; use tiny, 256'],
    ["models=tiny:0", "page: 0 runs of tiny must be a whole number from 1 to 100"],
    ["models=tiny:many", "page: many runs of tiny must be a whole number"],
    ["patterns=leaner", 'page: there is no pattern "leaner"; use lean, published'],
    ["minutes=soon", "page: minutes soon must be a number above 0"],
  ])("%s is refused in a sentence", (query, sentence) => {
    expect(() => read(query)).toThrow(sentence);
  });
});

describe("timing in turn", () => {
  const order = async (runs: number, warmUp = 0, ms = 60_000) => {
    const calls: string[] = [];
    const call = (name: string) => async () => calls.push(name);
    const pairs = await timeInTurn(call("o"), call("t"), {
      runs,
      warmUp,
      deadline: deadlineIn(ms),
    });
    return { calls: calls.join(""), count: pairs.length };
  };

  test("changes the order every time; pairs that warm up are not counted", async () => {
    expect(await order(3, 1)).toEqual({ calls: "ottootto", count: 3 });
  });

  test("one run is one pair, also when the time is up", async () => {
    expect(await order(1)).toEqual({ calls: "ot", count: 1 });
    expect(await order(5, 1, 0)).toEqual({ calls: "otto", count: 1 });
  });

  test("ratios are the peer's time by ours, of medians and of neighbours", () => {
    const ours = { name: "tiny", precision: "f32" } as const;
    const row = peerRow(ours, "card", "peer", "warm", [
      [10, 30],
      [20, 50],
      [40, 60],
    ]);
    expect([row.ours_ms, row.peer_ms, row.ratio]).toEqual([20, 50, 2.5]);
    expect([row.ratio_low, row.ratio_high]).toEqual([1.5, 3]);
  });
});

describe("a peer", () => {
  const ours = { output: Float32Array.of(1, -2, 0.5), precision: "f32" } as const;
  const same = { ours: "card", theirs: "card" };

  test("with the same picture on the same adapter stands beside ours", () => {
    // the tolerance is 1e-3 of the largest number, 2
    expect(faultOf(ours, Float32Array.of(1.0019, -2, 0.5), same)).toBeUndefined();
  });

  test.each([
    ["another picture", [1.0021, -2, 0.5], same, /^the outputs are 1\.\de-3 of the largest/],
    ["a number that is none", [1, -2, Number.NaN], same, /^the outputs are NaN of/],
    ["an output of another size", [1, -2], same, /^its output has 2 numbers and ours 3/],
    [
      "another adapter",
      [1, -2, 0.5],
      { ours: "card", theirs: "chip" },
      /^it runs on chip and ours on card/,
    ],
  ])("with %s is refused in a sentence", (_, theirs, adapters, sentence) => {
    expect(faultOf(ours, Float32Array.from(theirs), adapters)).toMatch(sentence);
  });
});

test("a Chromium that is not there is a sentence", async () => {
  await expect(measureInBrowser({ chromium: "/no/such/chromium" })).rejects.toThrow(
    "browser: there is no /no/such/chromium; name a Chromium or Chrome by CHROMIUM_PATH",
  );
});

test.each(PATTERNS)(
  "the %s file made in the page is the file that Node writes",
  async (pattern) => {
    const config = smallConfig(32);
    const { path, checkpoint } = await writeRandom(config, pattern);
    const inPage = await onnxFile(checkpoint, config, pattern);
    expect(Buffer.from(inPage).equals(await readFile(path))).toBe(true);
  },
);

test("pixels become planes in [-1, 1] and come back; what lies outside is clipped", () => {
  const rgba = Uint8ClampedArray.of(0, 51, 255, 255, 7, 8, 9, 255);
  const planes = planesOf(rgba);
  expect([planes[0], planes[4]]).toEqual([-1, 1]);
  expect(rgbaOf(planes)).toEqual(rgba);
  expect(rgbaOf(Float32Array.of(-3, 0, 3))).toEqual(Uint8ClampedArray.of(0, 128, 255, 255));
});

describe("the browser's name", () => {
  test("is the brand that is neither made up nor Chromium", () => {
    const version = "142.0.7444.60";
    const [fake, base] = [
      { brand: "Not)A;Brand", version: "8.0" },
      { brand: "Chromium", version },
    ];
    expect(browserIn([fake, base, { brand: "Google Chrome", version }])).toBe(
      `Google Chrome ${version}`,
    );
    expect(browserIn([fake, base])).toBe(`Chromium ${version}`);
    expect(browserIn([])).toBeUndefined();
  });

  test("comes from the user agent where there are no brands", () => {
    expect(
      browserOf("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
    ).toBe("Firefox 145.0");
    expect(
      browserOf(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
      ),
    ).toBe("Safari 26.1");
  });
});
