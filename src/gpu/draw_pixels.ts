import drawing from "../../shaders/textures/rgba8_to_texture.wgsl?raw";
import { ShapeError } from "../errors";
import type { Size } from "../tensor";
import { checked } from "./checked";
import type { Gpu } from "./open";
import { firstOf, once, TEXTURE_USAGE } from "./texture";

/**
 * Draws pixels over a texture of the same size and the given format, which is asked for at the last
 * moment: that of a canvas expires when the browser draws.
 *
 * Shapes    pixels 4 h w bytes → texture (h, w), the first of its levels and layers
 * Units     levels as the texture stores them, in -srgb formats too
 * Errors    ShapeError if the size differs or the texture cannot be drawn to, for its usage or format
 */
export async function drawPixels(
  { device }: Gpu,
  pixels: GPUBuffer,
  size: Size,
  format: GPUTextureFormat,
  textureNow: () => GPUTexture,
): Promise<void> {
  const { width, height } = size;
  if (/[us]int|depth|stencil/.test(format)) {
    throw new ShapeError(`restore: the texture is ${format}, it must have a unorm or float format`);
  }
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
