import { loadGpen, openGpu, restoreToBuffer } from "../../dist/index.js";

// An application that draws by WebGPU: a triangle over the whole canvas, coloured from a buffer.
const WGSL = `
@group(0) @binding(0) var<storage> pixels: array<u32>;

@vertex fn corner(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(f32(i & 1) * 4 - 1, f32(i >> 1) * 4 - 1, 0, 1);
}

@fragment fn colour(@builtin(position) at: vec4f) -> @location(0) vec4f {
  return unpack4x8unorm(pixels[u32(at.y) * 128 + u32(at.x)]);
}`;

const status = document.querySelector("#status");

function draw(device, context, format, buffer) {
  const module = device.createShaderModule({ code: WGSL });
  const pipeline = device.createRenderPipeline({
    layout: "auto",
    vertex: { module },
    fragment: { module, targets: [{ format }] },
  });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  });
  const encoder = device.createCommandEncoder();
  const view = context.getCurrentTexture().createView();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view, loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  pass.draw(3);
  pass.end();
  device.queue.submit([encoder.finish()]);
}

async function show() {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter.requestDevice();
  const context = document.querySelector("canvas").getContext("webgpu");
  const format = navigator.gpu.getPreferredCanvasFormat();
  context.configure({ device, format });

  const gpu = await openGpu({ device }); // the device stays the application's
  const model = await loadGpen(gpu, "../../models/gpen-tiny-128.safetensors");
  const photo = await (await fetch("../astronaut.png")).blob();
  const { buffer, ms } = await restoreToBuffer(model, photo); // the pixels never leave the GPU
  model.dispose();
  draw(device, context, format, buffer);
  status.textContent = `Restored in ${ms.toFixed(0)} ms on ${gpu.name}`;
}

show().catch((error) => {
  status.textContent = error.message; // one sentence that says what to do
});
