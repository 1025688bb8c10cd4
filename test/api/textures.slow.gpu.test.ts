import { expect, test, vi } from "vitest";
import * as USAGE from "../../src/gpu/usage";
import { loadGpen, restore, restoreTo } from "../../src/index";
import { openTestGpu } from "../gpu";
import { countBuffers, expectLevels, photo, smallModel } from "./models";

const bytes = await smallModel();
const face = photo(48, 40);

const USAGES = { copySrc: 1, copyDst: 2, binding: 4, attachment: 16 };

function textureOf(device: GPUDevice, format: GPUTextureFormat): GPUTexture {
  const { width, height, data } = face;
  const usage = USAGES.copyDst | USAGES.binding;
  const texture = device.createTexture({ size: [width, height], format, usage });
  const bgra = format.startsWith("bgra");
  const levels = Uint8Array.from(data, (v, i) =>
    bgra && i % 4 < 3 ? data[(i & ~3) + 2 - (i % 4)] : v,
  );
  device.queue.writeTexture({ texture }, levels, { bytesPerRow: 4 * width }, [width, height]);
  return texture;
}

async function pixelsOf(device: GPUDevice, texture: GPUTexture): Promise<Uint8ClampedArray> {
  const { width, height } = texture;
  const bytesPerRow = 256 * Math.ceil((4 * width) / 256);
  const usage = USAGE.mapRead | USAGE.copyDst;
  const staging = device.createBuffer({ size: bytesPerRow * height, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer: staging, bytesPerRow }, [width, height]);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(USAGE.MAP_READ);
  const rows = new Uint8Array(staging.getMappedRange());
  const bgra = texture.format.startsWith("bgra");
  return Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => {
    const [row, at] = [Math.floor(i / (4 * width)), i % (4 * width)];
    const channel = bgra && at % 4 < 3 ? 2 - (at % 4) : at % 4;
    return rows[row * bytesPerRow + (at & ~3) + channel];
  });
}

test.each(["rgba8unorm", "bgra8unorm", "rgba8unorm-srgb"] as const)(
  "a %s texture gives the picture of its levels",
  async (format) => {
    const gpu = await openTestGpu();
    const model = await loadGpen(gpu, bytes);
    const want = (await restore(model, face)).pixels;
    const texture = textureOf(gpu.device, format);
    const { data } = (await restore(model, texture)).pixels;
    // -srgb: decoded by the texture unit and encoded again, which may cost a level that the network passes on
    const most = format.endsWith("-srgb") ? 3 : 0;
    let worst = 0;
    for (let i = 0; i < data.length; i++) worst = Math.max(worst, Math.abs(data[i] - want.data[i]));
    expect(worst).toBeLessThanOrEqual(most);
    expect((await restore(model, texture)).pixels.data).toEqual(data);
  },
);

test.each(["rgba8unorm", "bgra8unorm"] as const)(
  "a %s texture as the target gets the pixels, and nothing is read back but the range",
  async (format) => {
    const gpu = await openTestGpu();
    const { device } = gpu;
    const model = await loadGpen(gpu, bytes);
    const want = (await restore(model, face)).pixels.data;
    const usage = USAGES.attachment | USAGES.copySrc;
    const texture = device.createTexture({ size: [32, 32], format, usage });
    const made: string[] = [];
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      made.push(`${descriptor.label} ${descriptor.size}`);
      return create(descriptor);
    };
    const { precision, ms } = await restoreTo(model, face, texture);
    expect([precision, ms > 0, made]).toEqual(["f32", true, ["readback 16"]]);
    device.createBuffer = create;
    expect(await pixelsOf(device, texture)).toEqual(want);
  },
);

test.each(["rgba8unorm-srgb", "bgra8unorm-srgb"] as const)(
  "a %s texture as the target stores the same levels",
  async (format) => {
    const gpu = await openTestGpu();
    const { device } = gpu;
    const model = await loadGpen(gpu, bytes);
    const want = (await restore(model, face)).pixels;
    const usage = USAGES.attachment | USAGES.copySrc;
    const texture = device.createTexture({ size: [32, 32], format, usage });
    await restoreTo(model, face, texture);
    // decoded by the shader and encoded again by the texture unit, which may cost a level
    expectLevels(want, await pixelsOf(device, texture), 1);
  },
);

test("of a texture with levels and layers the first is read, and drawn", async () => {
  const gpu = await openTestGpu();
  const { device } = gpu;
  const model = await loadGpen(gpu, bytes);
  const want = (await restore(model, face)).pixels;
  const { binding, copyDst, copySrc, attachment } = USAGES;
  const make = (size: number[], usage: number) =>
    device.createTexture({ size: [...size, 2], format: "rgba8unorm", mipLevelCount: 2, usage });
  const { width, height, data } = face;
  const source = make([width, height], binding | copyDst);
  const rows = { bytesPerRow: 4 * width };
  device.queue.writeTexture({ texture: source }, data as never, rows, [width, height]);
  expect((await restore(model, source)).pixels).toEqual(want);
  const target = make([32, 32], attachment | copySrc);
  await restoreTo(model, face, target);
  expect(await pixelsOf(device, target)).toEqual(want.data);
});

test("textures that cannot be read or drawn to are refused in one sentence", async () => {
  const gpu = await openTestGpu();
  const { device } = gpu;
  const model = await loadGpen(gpu, bytes);
  await restore(model, face);
  const buffers = countBuffers(device);
  const make = (usage: number, size = [32, 32]) =>
    device.createTexture({ size, format: "rgba8unorm", usage });
  await expect(restore(model, make(USAGES.copyDst, [48, 40]))).rejects.toThrow(
    /^image: the texture must be 2d, not multisampled, with usage TEXTURE_BINDING$/,
  );
  const small = make(USAGES.attachment, [16, 32]);
  await expect(restoreTo(model, face, small)).rejects.toThrow(
    /^restore: the texture is 16 x 32, it must be 32 x 32 with usage RENDER_ATTACHMENT$/,
  );
  for (const format of ["rgba8uint", "r32sint", "depth32float"] as const) {
    const target = device.createTexture({ size: [32, 32], format, usage: USAGES.attachment });
    await expect(restoreTo(model, face, target)).rejects.toThrow(
      new RegExp(`^restore: the texture is ${format}, it must have a unorm or float format$`),
    );
  }
  const submit = vi.spyOn(device.queue, "submit");
  for (const none of [{}, null, undefined]) {
    await expect(restoreTo(model, face, none as unknown as GPUTexture)).rejects.toThrow(
      /^restore: the target is .+, it must be a canvas or a GPUTexture$/,
    );
  }
  expect(submit).not.toHaveBeenCalled(); // refused before anything is computed
  expect(buffers.live()).toBe(0);
});
