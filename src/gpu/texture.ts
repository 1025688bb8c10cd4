/** Usages of textures by value (specification, section 6.1.3): Node has no such globals. */
export const TEXTURE_USAGE = { copyDst: 2, binding: 4, attachment: 16 };

/** Textures of a host's scene have smaller levels for the distance, or layers. */
export function firstOf(texture: GPUTexture): GPUTextureView {
  return texture.createView({ dimension: "2d", mipLevelCount: 1, arrayLayerCount: 1 });
}

const pipelines = new WeakMap<GPUDevice, Map<string, Promise<unknown>>>();

/** A pipeline, made when first asked for. */
export function once<Pipeline>(
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
