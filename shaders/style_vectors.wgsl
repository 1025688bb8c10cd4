// style_vectors: the styles of all modulated layers, each from its own latent: y = ws[latent] w^T + b.
//
// Shapes   ws (n, l, k) or one latent for all layers (n, 1, k), w (m, k), b (m), latent (m / 4): which
//          of the l latents each quad of rows reads -> y (n, m)
// Threads  one workgroup per sample (grid y) and quad of outputs (grid x): its 64 threads stride along
//          k, four rows each, then add up their sums in shared memory
// Barrier  before each halving: sh_sums holds what other threads wrote
// Source   GPEN face_model/gpen_model.py, ModulatedConv2d.modulation
// Twin     src/kernels/style_vectors.ts

struct Params {
  k_quads: u32,
  m_quads: u32,
  latents: u32,
  half: u32,  // of the workgroup. A uniform, so that drivers do not expand the loop that starts from it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> ws: array<vec4f>;       // (n, l, k)
@group(0) @binding(2) var<storage, read> w: array<vec4f>;        // (m, k)
@group(0) @binding(3) var<storage, read> b: array<vec4f>;        // (m)
@group(0) @binding(4) var<storage, read> latent: array<f32>;     // (m / 4)
@group(0) @binding(5) var<storage, read_write> y: array<vec4f>;  // (n, m)

var<workgroup> sh_sums: array<vec4f, 64>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x * 4u * params.k_quads;
  let which = min(u32(latent[group.x]), params.latents - 1u);
  let x_first = (group.y * params.latents + which) * params.k_quads;
  var sum = vec4f(0);
  for (var i = lane; i < params.k_quads; i += 64u) {
    let v = ws[x_first + i];
    sum += vec4f(
      dot(v, w[row + i]),
      dot(v, w[row + params.k_quads + i]),
      dot(v, w[row + 2u * params.k_quads + i]),
      dot(v, w[row + 3u * params.k_quads + i]));
  }
  sh_sums[lane] = sum;
  for (var step = params.half; step > 0u; step >>= 1u) {
    workgroupBarrier();
    if (lane < step) { sh_sums[lane] += sh_sums[lane + step]; }
  }
  if (lane == 0u) { y[group.y * params.m_quads + group.x] = sh_sums[0] + b[group.x]; }
}
