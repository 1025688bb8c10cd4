import { expect, test } from "vitest";
import { photoStep } from "../../site/restore/photo_step";
import { count, duration, megabytes, progressText, sentence } from "../../site/words";

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

test("progress is said as shares, bytes, or the one of several that is in work", () => {
  expect(progressText("Starting")).toBe("Starting …");
  expect(progressText("Fetching", 1_234_567, 4_288_186)).toBe("Fetching, 1.2 MB of 4.3 MB");
  const faces = [0, 0.99, 2.4, 5].map((done) => progressText("Face", done, 5));
  expect(faces).toEqual(["Face 1 of 5", "Face 1 of 5", "Face 3 of 5", "Face 5 of 5"]);
});

test("a photo's phases are words, and a bar wherever it is known how far they are", () => {
  const said = (...step: Parameters<typeof photoStep>) => progressText(...photoStep(...step));
  expect(said("detect", 0, 1), "not counted").toBe("Looking for faces …");
  expect(said("detect", 1, 1)).toBe("Looking for faces …");
  expect(said("detect", 41, 110)).toBe("Looking for faces, 37 %");
  expect(said("align", 1, 5)).toBe("Cutting out face 2 of 5");
  expect(said("align", 5, 5), "what comes next").toBe("Restoring face 1 of 5");
  expect(said("restore", 2.4, 5)).toBe("Restoring face 3 of 5");
  expect(said("align", 1, 1), "an empty bar would seem stuck").toBe("Restoring the face …");
  expect(said("restore", 0, 1)).toBe("Restoring the face …");
  expect(said("restore", 0.4, 1)).toBe("Restoring the face, 40 %");
});
