import drawing from "../../shaders/textures/rgba8_to_texture.wgsl?raw";
import reading from "../../shaders/textures/texture_to_rgba8.wgsl?raw";
import { ShapeError } from "../errors";
import { checked } from "./checked";
import type { Gpu } from "./open";

/** Usages of textures by value (specification, section 6.1.3): Node has no such globals. */
export const TEXTURE_USAGE = { copyDst: 2, binding: 4, attachment: 16 };

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

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws pixels over a texture of the same size and the given format, which is asked for at the last
 * moment: that of a canvas expires when the browser draws.
 *
 * Shapes    pixels 4 h w bytes → texture (h, w), the first of its levels and layers
 * Units     levels as the texture stores them, in -srgb formats too
 * Errors    ShapeError if the size differs or the texture cannot be drawn to
 */
export async function drawPixels(
  { device }: Gpu,
  pixels: GPUBuffer,
  size: Size,
  format: GPUTextureFormat,
  textureNow: () => GPUTexture,
): Promise<void> {
  const { width, height } = size;
  const pipeline = await once(device, `draw ${format} ${width}`, () => {
    const module = device.createShaderModule({ label: "rgba8_to_texture", code: drawing });
    const constants = { WIDTH: width, LINEAR: Number(format.endsWith("-srgb")) };
    return device.createRenderPipelineAsync({
      label: "rgba8_to_texture",
      layout: "auto",
      vertex: { module },
      fragment: { module, constants, targets: [{ format }] },
    });
  });
  const texture = textureNow();
  const fits = texture.width === width && texture.height === height;
  if (!fits || !(texture.usage & TEXTURE_USAGE.attachment)) {
    throw new ShapeError(
      `restore: the texture is ${texture.width} x ${texture.height}, it must be ${width} x ${height} with usage RENDER_ATTACHMENT`,
    );
  }
  await checked(device, "restore", () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginRenderPass({
      colorAttachments: [{ view: firstOf(texture), loadOp: "clear", storeOp: "store" }],
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [{ binding: 0, resource: { buffer: pixels, size: 4 * width * height } }],
      }),
    );
    pass.draw(3);
    pass.end();
    device.queue.submit([encoder.finish()]);
  });
}

/** Textures of a host's scene have smaller levels for the distance, or layers. */
function firstOf(texture: GPUTexture): GPUTextureView {
  return texture.createView({ dimension: "2d", mipLevelCount: 1, arrayLayerCount: 1 });
}

const pipelines = new WeakMap<GPUDevice, Map<string, Promise<unknown>>>();

function once<Pipeline>(
  device: GPUDevice,
  key: string,
  make: () => Promise<Pipeline>,
): Promise<Pipeline> {
  const known = pipelines.get(device) ?? new Map<string, Promise<unknown>>();
  pipelines.set(device, known);
  const pipeline = (known.get(key) as Promise<Pipeline> | undefined) ?? make();
  known.set(key, pipeline);
  pipeline.catch(() => known.delete(key)); // lack of memory may be over at the next picture
  return pipeline;
}
