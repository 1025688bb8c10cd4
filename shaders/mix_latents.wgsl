// mix_latents: one latent per layer: w1 below the crossover, w2 from it on, pulled towards the mean.
//
// Shapes   w1 (n, k), w2 (n, k), w_avg (1, k), mix (2) [truncation, crossover] -> y (n, l, k)
// Threads  one per vec4 of y; grid y = layer, grid z = sample
// Why      y = w_avg + truncation (w - w_avg), so truncation 1 leaves w and 0 gives the mean face
// Source   GPEN face_model/gpen_model.py, Generator.forward (inject_index, truncation)
// Twin     src/kernels/mix_latents.ts

struct Params {
  k_quads: u32,
  layers: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> w1: array<vec4f>;       // (n, k)
@group(0) @binding(2) var<storage, read> w2: array<vec4f>;       // (n, k)
@group(0) @binding(3) var<storage, read> w_avg: array<vec4f>;    // (1, k)
@group(0) @binding(4) var<storage, read> mix_by: array<vec4f>;   // (2)
@group(0) @binding(5) var<storage, read_write> y: array<vec4f>;  // (n, l, k)

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.k_quads) { return; }
  let at = id.z * params.k_quads + id.x;
  let mean = w_avg[id.x];
  let w = select(w1[at], w2[at], f32(id.y) >= mix_by[0].y);
  y[(id.z * params.layers + id.y) * params.k_quads + id.x] = mean + mix_by[0].x * (w - mean);
}
