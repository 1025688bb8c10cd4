/** What is alive on the devices of this page: made, and not destroyed since. */
export interface GpuCount {
  readonly bytes: number;
  readonly objects: number;
  readonly devices: number;
}

type Made = GPUBuffer | GPUTexture | GPUQuerySet;

/**
 * Counts what the page makes from now on, by wrapping what makes and destroys it. What is only left to
 * the garbage collector counts as alive. A device that is lost takes all of its own with it.
 */
export function countGpuBytes(): () => GpuCount {
  const alive = new Map<GPUDevice, Map<Made, number>>();
  const onDestroyed = new WeakMap<Made, () => void>();
  const requestDevice = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    alive.set(device, new Map());
    void device.lost.then(() => alive.delete(device));
    return device;
  };
  const made = <Kind extends Made>(device: GPUDevice, thing: Kind, bytes: number): Kind => {
    alive.get(device)?.set(thing, bytes);
    onDestroyed.set(thing, () => alive.get(device)?.delete(thing));
    return thing;
  };
  const { createBuffer, createTexture, createQuerySet } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    return made(this, createBuffer.call(this, descriptor), descriptor.size);
  };
  GPUDevice.prototype.createTexture = function (descriptor) {
    const texture = createTexture.call(this, descriptor);
    const { width, height, depthOrArrayLayers } = texture;
    // Four bytes a pixel: what the library makes textures of is RGBA.
    return made(this, texture, 4 * width * height * depthOrArrayLayers);
  };
  GPUDevice.prototype.createQuerySet = function (descriptor) {
    return made(this, createQuerySet.call(this, descriptor), 8 * descriptor.count);
  };
  for (const { prototype } of [GPUBuffer, GPUTexture, GPUQuerySet]) {
    const destroy = prototype.destroy;
    prototype.destroy = function (this: Made) {
      onDestroyed.get(this)?.();
      return destroy.call(this as never);
    };
  }
  return () => {
    const sizes = [...alive.values()].flatMap((things) => [...things.values()]);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return { bytes, objects: sizes.length, devices: alive.size };
  };
}
