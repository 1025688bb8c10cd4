import reading from "../../shaders/textures/texture_to_rgba8.wgsl?raw";
import { ShapeError } from "../errors";
import type { Size } from "../tensor";
import { checked } from "./checked";
import type { Gpu } from "./open";
import { firstOf, once, TEXTURE_USAGE } from "./texture";

/** A picture in the browser that is no array of pixels. */
export type ExternalImage = ImageBitmap | HTMLCanvasElement | OffscreenCanvas | VideoFrame;

/**
 * Writes the pixels of `texture` into `buffer`, one u32 each, red in its lowest byte.
 *
 * Shapes    (h, w) → 4 h w bytes
 * Units     levels as the texture stores them; those of -srgb formats are encoded again. With `onWhite` 1
 *           they are premultiplied, and put over white
 * Errors    ShapeError if the texture cannot be bound
 */
export async function readTexture(
  { device }: Gpu,
  texture: GPUTexture,
  buffer: GPUBuffer,
  onWhite = 0,
): Promise<void> {
  const { width, height, format, usage, sampleCount, dimension } = texture;
  if (!(usage & TEXTURE_USAGE.binding) || sampleCount !== 1 || dimension !== "2d") {
    throw new ShapeError(
      "image: the texture must be 2d, not multisampled, with usage TEXTURE_BINDING",
    );
  }
  const linear = format.endsWith("-srgb");
  const pipeline = await once(device, `read${linear}${onWhite}`, () =>
    device.createComputePipelineAsync({
      label: "texture_to_rgba8",
      layout: "auto",
      compute: {
        module: device.createShaderModule({ label: "texture_to_rgba8", code: reading }),
        constants: { LINEAR: Number(linear), WHITE: onWhite },
      },
    }),
  );
  await checked(device, "image", () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [
          { binding: 0, resource: firstOf(texture) },
          { binding: 1, resource: { buffer } },
        ],
      }),
    );
    pass.dispatchWorkgroups(Math.ceil(width / 8), Math.ceil(height / 8));
    pass.end();
    device.queue.submit([encoder.finish()]);
  });
}

/** As readTexture, of a browser's picture, over white; it never passes through the CPU's memory. */
export async function readExternal(
  gpu: Gpu,
  source: ExternalImage,
  size: Size,
  buffer: GPUBuffer,
): Promise<void> {
  const { copyDst, binding, attachment } = TEXTURE_USAGE;
  const { device } = gpu;
  const { width, height } = size;
  const texture = await checked(device, "image", () =>
    device.createTexture({
      label: "picture",
      size: [width, height],
      format: "rgba8unorm",
      usage: copyDst | binding | attachment,
    }),
  );
  try {
    await checked(device, "image", () =>
      device.queue.copyExternalImageToTexture({ source }, { texture, premultipliedAlpha: true }, [
        width,
        height,
      ]),
    );
    await readTexture(gpu, texture, buffer, 1);
  } finally {
    texture.destroy(); // takes effect after what was submitted
  }
}
