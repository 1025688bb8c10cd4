import { mkdirSync, readFileSync } from "node:fs";
import sharp from "sharp";
import { expect, test } from "vitest";
import { readImage, writeImage } from "../../src/node/image";
import { openBlank, openPage } from "./browser";
import { ROOT } from "./servers";

test("pictures of every kind give the same pixels", async () => {
  const page = await openBlank();
  const worst = await page.evaluate(async () => {
    const gpu = await gpen.openGpu();
    const model = await gpen.loadGpen(gpu, await staged.smallModel());
    const bitmap = await staged.picture();
    const { width, height } = bitmap;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
    const offscreen = new OffscreenCanvas(width, height);
    offscreen.getContext("2d")!.drawImage(bitmap, 0, 0);
    const blob = await (await fetch("/examples/astronaut.png")).blob();
    const img = new Image();
    img.src = URL.createObjectURL(blob);
    await img.decode();
    const data = canvas.getContext("2d")!.getImageData(0, 0, width, height);
    const frame = new VideoFrame(data.data, {
      ...{ format: "RGBA", codedWidth: width, codedHeight: height, timestamp: 0 },
      colorSpace: { matrix: "rgb", primaries: "bt709", transfer: "iec61966-2-1", fullRange: true },
    });
    const texture = gpu.device.createTexture({
      size: [width, height],
      format: "bgra8unorm",
      usage:
        GPUTextureUsage.COPY_DST |
        GPUTextureUsage.RENDER_ATTACHMENT |
        GPUTextureUsage.TEXTURE_BINDING,
    });
    gpu.device.queue.copyExternalImageToTexture({ source: bitmap }, { texture }, [width, height]);
    const inputs = { data, bitmap, canvas, offscreen, blob, img, frame, texture };
    const want = (await gpen.restore(model, data)).pixels.data;
    const differences: Record<string, number> = {};
    for (const [name, input] of Object.entries(inputs)) {
      const { pixels } = await gpen.restore(model, input);
      differences[name] = Math.max(...pixels.data.map((v, i) => Math.abs(v - want[i])));
    }
    frame.close();
    const loading = new Image();
    loading.src = "/examples/astronaut.png?again";
    const { pixels } = await gpen.restore(model, loading);
    differences.loading = Math.max(...pixels.data.map((v, i) => Math.abs(v - want[i])));
    return differences;
  });
  // every copy keeps the levels of an opaque sRGB picture
  const none = {
    data: 0,
    bitmap: 0,
    canvas: 0,
    offscreen: 0,
    blob: 0,
    img: 0,
    frame: 0,
    loading: 0,
    texture: 0,
  };
  expect(worst).toEqual(none);
});

test("a canvas or frame that changes at once is taken as it was when it was given", async () => {
  const page = await openBlank();
  const differences = await page.evaluate(async () => {
    const gpu = await gpen.openGpu();
    const model = await gpen.loadGpen(gpu, await staged.smallModel());
    const bitmap = await staged.picture();
    const { width, height } = bitmap;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const data = context.getImageData(0, 0, width, height);
    const frame = new VideoFrame(canvas, { timestamp: 0 });
    // the first pictures of this page: what reads them has not loaded yet
    const restoring = [gpen.restore(model, canvas), gpen.restore(model, frame)];
    frame.close();
    context.fillRect(0, 0, width, height);
    const want = (await gpen.restore(model, data)).pixels.data;
    const got = await Promise.all(restoring);
    return got.map(({ pixels }) => Math.max(...pixels.data.map((v, i) => Math.abs(v - want[i]))));
  });
  expect(differences[0]).toBe(0);
  expect(differences[1]).toBeLessThanOrEqual(2); // a frame of a canvas may be kept as YUV
}, 60_000);

test("what is transparent is over white, as Node reads it, but for textures and bytes", async () => {
  const page = await openBlank();
  // alpha from 0 to 255, rightwards; opaque it would be orange
  const side = 64;
  const bytes = Uint8Array.from({ length: 4 * side * side }, (_, i) =>
    i % 4 < 3 ? [250, 120, 10][i % 4] : Math.round((((i >> 2) % side) * 255) / (side - 1)),
  );
  mkdirSync(`${ROOT}out/e2e`, { recursive: true });
  const file = `${ROOT}out/e2e/half_transparent.png`;
  await writeImage(file, { data: bytes, width: side, height: side });
  const deep = await sharp(file).toColourspace("rgb16").png().toBuffer();
  const inNode = await readImage(file);
  const differences = await page.evaluate(
    async (given, base64) => {
      const gpu = await gpen.openGpu();
      const model = await gpen.loadGpen(gpu, await staged.smallModel());
      const pixelsIn = async (input: Parameters<typeof gpen.restore>[1]) =>
        // a network would enlarge what rounding leaves
        (await gpen.restore(model, input, { strength: 0 })).pixels.data;
      const { side, bytes, seen } = given;
      const size = { width: side, height: side };
      const blob = await (await fetch("/out/e2e/half_transparent.png")).blob();
      const img = Object.assign(new Image(), { src: URL.createObjectURL(blob) });
      const img16 = Object.assign(new Image(), { src: `data:image/png;base64,${base64}` });
      const bitmap = await createImageBitmap(blob);
      const straight = await createImageBitmap(blob, { premultiplyAlpha: "none" });
      const canvas = Object.assign(document.createElement("canvas"), size);
      canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
      const frame = new VideoFrame(bitmap, { timestamp: 0 });
      const texture = gpu.device.createTexture({
        size: [side, side],
        format: "rgba8unorm",
        usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.TEXTURE_BINDING,
      });
      const data = Uint8Array.from(bytes);
      const layout = { bytesPerRow: 4 * side };
      gpu.device.queue.writeTexture({ texture }, data, layout, [side, side]);
      const onWhite = await pixelsIn({ data: Uint8Array.from(seen), ...size });
      const opaque = data.map((level, i) => (i % 4 < 3 ? level : 255));
      const asStored = await pixelsIn({ data: opaque, ...size });
      const differ = async (
        want: Uint8ClampedArray,
        inputs: Record<string, Parameters<typeof gpen.restore>[1]>,
      ) => {
        const differences: [string, number][] = [];
        for (const [name, input] of Object.entries(inputs)) {
          const got = await pixelsIn(input);
          differences.push([name, Math.max(...got.map((v, i) => Math.abs(v - want[i])))]);
        }
        return differences;
      };
      const shown = { blob, img, img16, bitmap, straight, canvas, frame };
      const result = {
        shown: await differ(onWhite, shown),
        stored: await differ(asStored, { data: { data, ...size }, texture }),
      };
      frame.close();
      return result;
    },
    { side, bytes: [...bytes], seen: [...inNode.data] },
    deep.toString("base64"),
  );
  // Premultiplied levels are rounded (or cut), and so is what Node makes of them: one level each.
  for (const [name, difference] of differences.shown)
    expect(difference, name).toBeLessThanOrEqual(2);
  expect(differences.stored).toEqual([
    ["data", 0],
    ["texture", 0],
  ]);
});

test("an img of 16 bits, and one that is lazy and out of sight", async () => {
  const page = await openBlank();
  const deep = await sharp(`${ROOT}examples/astronaut.png`).toColourspace("rgb16").png().toBuffer();
  const differences = await page.evaluate(async (base64) => {
    const gpu = await gpen.openGpu();
    // of the example's side: resizing would add to what the conversions round
    const model = await gpen.loadGpen(gpu, "/models/gpen-tiny-128.safetensors");
    const photo = { strength: 0 }; // a network would enlarge what rounding leaves
    const want = (await gpen.restore(model, await staged.picture(), photo)).pixels.data;
    const differ = async (image: HTMLImageElement) => {
      const { pixels } = await gpen.restore(model, image, photo);
      return Math.max(...pixels.data.map((v, i) => Math.abs(v - want[i])));
    };
    const lazy = new Image();
    lazy.loading = "lazy";
    lazy.src = "/examples/astronaut.png?lazy";
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    return { lazy: await differ(lazy), deep: await differ(image) };
  }, deep.toString("base64"));
  expect(differences.lazy).toBe(0);
  expect(differences.deep).toBeLessThanOrEqual(1); // 8 bits made 16 and 8 again
});

test("a picture of another site is refused in one sentence; an abort ends the wait for an img", async () => {
  const { page } = await openPage("/test/e2e/pages/blank.html", { errors: /elsewhere\.invalid/ });
  await page.waitForFunction(() => "gpen" in window);
  const body = readFileSync(`${ROOT}examples/astronaut.png`);
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    if (request.url().endsWith("/never.png")) return;
    if (!request.url().includes("elsewhere.invalid")) return void request.continue();
    void request.respond({ contentType: "image/png", body });
  });
  const sentences = await page.evaluate(async () => {
    const gpu = await gpen.openGpu();
    const model = await gpen.loadGpen(gpu, await staged.smallModel());
    const foreign = new Image();
    foreign.src = "http://elsewhere.invalid/face.png";
    await foreign.decode();
    const tainted = document.createElement("canvas");
    tainted.getContext("2d")!.drawImage(foreign, 0, 0);
    const never = new Image();
    never.src = "/never.png";
    const signal = AbortSignal.timeout(200);
    const said = [
      gpen.restore(model, foreign),
      gpen.restore(model, tainted),
      gpen.restore(model, never, { signal }),
    ].map((restored) => restored.then(() => "restored", String));
    return Promise.all(said);
  });
  for (const sentence of sentences.slice(0, 2))
    expect(sentence).toMatch(/^ShapeError: image: the browser cannot read it .+ or with CORS$/);
  expect(sentences[2]).toMatch(/^TimeoutError/);
});

test("what is no picture is refused in one sentence", async () => {
  const page = await openBlank();
  const sentences = await page.evaluate(async () => {
    const gpu = await gpen.openGpu();
    const model = await gpen.loadGpen(gpu, await staged.smallModel());
    const closed = await staged.picture();
    closed.close();
    const inputs = [new Blob(["no picture"]), new Image(), closed];
    const refusals = inputs.map((input) =>
      gpen.restore(model, input).then(
        () => "restored",
        (error: Error) => `${error.name}: ${error.message}`,
      ),
    );
    return Promise.all(refusals);
  });
  for (const sentence of sentences) {
    expect(sentence).toMatch(
      /^ShapeError: image: the browser cannot read it \([^\n]+\); pass a picture/,
    );
  }
});
