import { expect, test } from "vitest";
import { openStage } from "./stage";

const PHOTO = "/examples/photo.jpg";

test("elements share one face detector, and the last one takes it along", async () => {
  const { page } = await openStage();
  const loads = await page.evaluate(async () => {
    const black = (width: number) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height: 40 });
      canvas.getContext("2d")!.fillRect(0, 0, width, 40);
      return canvas.toDataURL();
    };
    const loaded = (element: Element) =>
      new Promise((done) => element.addEventListener("load", done));
    const count = () =>
      performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.endsWith("face_detector.safetensors")).length;
    const counts: number[] = [];
    for (const width of [40, 60]) {
      const both = [0, 1].map((i) =>
        stage.add({ src: black(width + i), model: "small", photo: "whole" }),
      );
      await Promise.all(both.map(loaded));
      const again = loaded(both[1]);
      both[1].src = black(width + 2);
      await again;
      counts.push(count());
      for (const element of both) element.remove();
      await new Promise((done) => setTimeout(done, 50));
    }
    return counts;
  });
  expect(loads).toEqual([1, 2]);
});

test("the bar moves while faces are looked for, and the page's words say so", async () => {
  const { page } = await openStage();
  const { shares, words } = await page.evaluate(async (src) => {
    const phases = ",,Suche Gesichter";
    const element = stage.add({ src, model: "small", photo: "whole", phases });
    const [shares, words] = [[] as number[], new Set<string | undefined>()];
    element.addEventListener("progress", ({ detail }) => {
      if (detail.phase === "detect") shares.push(detail.done);
      if (detail.phase === "detect") words.add(stage.inside(".pill")?.textContent);
    });
    await new Promise((done) => element.addEventListener("load", done));
    return { shares, words: [...words] };
  }, PHOTO);
  expect(words).toEqual(["Suche Gesichter"]);
  expect(shares.length, "more than a beginning and an end").toBeGreaterThan(4);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect([shares[0], shares.at(-1)]).toEqual([0.8, 0.9]);
});

test("a picture that the browser cannot shrink is refused in a sentence", async () => {
  const before = () => {
    const refuse = () => Promise.reject(new DOMException("no memory", "InvalidStateError"));
    Object.assign(window, { createImageBitmap: refuse });
  };
  const { page } = await openStage({ before });
  const said = await page.evaluate(async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="12000" height="9000"/>';
    const src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    const element = stage.add({ src, model: "small" });
    return new Promise<string>((done) =>
      element.addEventListener("error", ({ message }) => done(message)),
    );
  });
  expect(said).toBe(
    "gpen-face: a picture of 12000 x 9000 is too large for this browser; give it a smaller one",
  );
});

test.each(["aligned", "whole"])(
  "of 108 megapixels no more are read than a canvas has: %s",
  async (photo) => {
    const before = () => {
      const make = createImageBitmap;
      const sizes: string[] = [];
      const watched = async (...from: Parameters<typeof make>) => {
        const bitmap = await make(...from);
        sizes.push(`${bitmap.width} x ${bitmap.height}`);
        return bitmap;
      };
      Object.assign(window, { createImageBitmap: watched, sizes });
    };
    const { page } = await openStage({ before });
    const [sizes, alert] = await page.evaluate(
      async (src, photo) => {
        const bytes = new Uint8Array(await (await fetch(src)).arrayBuffer());
        const jpeg = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="12000" height="9000">
      <image width="9000" height="9000" href="data:image/jpeg;base64,${jpeg}"/></svg>`;
        const large = `data:image/svg+xml,${encodeURIComponent(svg)}`;
        const element = stage.add({ src: large, model: "small", photo });
        await new Promise<void>((done) => {
          element.addEventListener("load", () => done());
          // the first of some 200 tiles of a whole photo is enough
          element.addEventListener("progress", ({ detail }) => {
            if (detail.phase === "detect" && detail.done > 0.8) done();
          });
        });
        const { sizes } = window as unknown as { sizes: readonly string[] };
        return [sizes, stage.inside("[role=alert]")?.textContent];
      },
      PHOTO,
      photo,
    );
    expect(new Set(sizes)).toEqual(new Set(["4729 x 3547"]));
    expect(alert).toBe("");
  },
);
