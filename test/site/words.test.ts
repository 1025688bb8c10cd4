import { expect, test } from "vitest";
import { count, duration, megabytes, sentence } from "../../site/words";

test("numbers are written for people", () => {
  const sizes = [36, 36_400, 4_288_186, 28_300_000];
  expect(sizes.map(megabytes)).toEqual(["36 bytes", "36 kB", "4.3 MB", "28 MB"]);
  expect([duration(84.4), duration(1520), duration(19_800)]).toEqual(["84 ms", "1.52 s", "19.8 s"]);
  expect([count(1, "face"), count(3, "face")]).toEqual(["1 face", "3 faces"]);
});

test("errors become sentences, without the part of the engine that reports them", () => {
  expect(sentence(new Error("gpu: the device was lost"))).toBe("The device was lost.");
  expect(sentence("Already one.")).toBe("Already one.");
  expect(sentence(new Error("notes.txt is no picture"))).toBe("notes.txt is no picture.");
});
