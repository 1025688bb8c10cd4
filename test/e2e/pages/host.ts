const SIDE = 16;
const SIZE = SIDE * 256; // rows of copied textures start at multiples of 256 bytes
const WGSL = `
@group(0) @binding(0) var<uniform> colour: vec4f;
@vertex fn corner(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(f32(i & 1) * 4 - 1, f32(i >> 1) * 4 - 1, 0, 1);
}
@fragment fn shade(@builtin(position) at: vec4f) -> @location(0) vec4f {
  return colour * vec4f(at.xy / ${SIDE}, 1, 1);
}`;

/** An application that draws with things it made at its start, as a game does. */
export interface Host {
  readonly device: GPUDevice;
  /** Errors that nobody caught, and the loss of the device. */
  readonly errors: string[];
  /** Draws with what it made at its start, and returns the bytes as text. */
  draw(): Promise<string>;
}

export async function openHost(): Promise<Host> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  const errors: string[] = [];
  device.addEventListener("uncapturederror", ({ error }) => errors.push(error.message));
  device.lost.then(({ message }) => errors.push(`lost: ${message}`));
  const things = make(device);
  return { device, errors, draw: () => draw(device, things) };
}

function make(device: GPUDevice) {
  const { UNIFORM, COPY_DST, MAP_READ } = GPUBufferUsage;
  const colour = device.createBuffer({ size: 16, usage: UNIFORM | COPY_DST });
  device.queue.writeBuffer(colour, 0, Float32Array.of(1, 0.5, 0.25, 1));
  const read = device.createBuffer({ size: SIZE, usage: MAP_READ | COPY_DST });
  const format = "rgba8unorm";
  const target = device.createTexture({
    size: [SIDE, SIDE],
    format,
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const module = device.createShaderModule({ code: WGSL });
  const pipeline = device.createRenderPipeline({
    layout: "auto",
    vertex: { module },
    fragment: { module, targets: [{ format }] },
  });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: colour } }],
  });
  return { read, target, view: target.createView(), pipeline, bindings };
}

async function draw(device: GPUDevice, things: ReturnType<typeof make>): Promise<string> {
  const { read, target, view, pipeline, bindings } = things;
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view, loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  pass.draw(3);
  pass.end();
  const rows = { buffer: read, bytesPerRow: 256 };
  encoder.copyTextureToBuffer({ texture: target }, rows, [SIDE, SIDE]);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  const bytes = Array.from(new Uint8Array(read.getMappedRange())).join();
  read.unmap();
  return bytes;
}

/** What was made on a device and not destroyed since. */
export function census(device: GPUDevice): Set<GPUBuffer | GPUTexture> {
  const alive = new Set<GPUBuffer | GPUTexture>();
  const count = <Made extends GPUBuffer | GPUTexture>(made: Made): Made => {
    const destroy = made.destroy.bind(made);
    made.destroy = () => {
      alive.delete(made);
      return destroy() as undefined;
    };
    alive.add(made);
    return made;
  };
  const { createBuffer, createTexture } = GPUDevice.prototype;
  device.createBuffer = (descriptor) => count(createBuffer.call(device, descriptor));
  device.createTexture = (descriptor) => count(createTexture.call(device, descriptor));
  return alive;
}
