// pixel_norm: y = x / sqrt(mean(x^2) + 1e-8), over each latent.
//
// Shapes   x (n, k) -> y (n, k)
// Threads  one workgroup per sample: its 64 threads stride along k, add up the squares in shared
//          memory, then stride along k again to scale
// Barrier  before each halving, and before the total is read: sh_sums holds what others wrote
// Source   GPEN face_model/gpen_model.py, PixelNorm
// Twin     src/kernels/pixel_norm.ts

struct Params {
  k: u32,
  k_quads: u32,
  half: u32,  // of the workgroup. A uniform, so that drivers do not expand the loop that starts from it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;        // (n, k)
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;  // (n, k)

var<workgroup> sh_sums: array<f32, 64>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * params.k_quads;
  var sum = 0.0;
  for (var i = lane; i < params.k_quads; i += 64u) { sum += dot(x[first + i], x[first + i]); }
  sh_sums[lane] = sum;
  for (var step = params.half; step > 0u; step >>= 1u) {
    workgroupBarrier();
    if (lane < step) { sh_sums[lane] += sh_sums[lane + step]; }
  }
  workgroupBarrier();
  let factor = inverseSqrt(sh_sums[0] / f32(params.k) + 1e-8);
  for (var i = lane; i < params.k_quads; i += 64u) { y[first + i] = factor * x[first + i]; }
}
