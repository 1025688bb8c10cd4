// linear: y = act(x w^T + b); act is sqrt(2) leaky_relu(., 0.2) or none.
//
// Shapes   x (n, k), w (m, k), b (m) -> y (n, m)
// Threads  one workgroup per sample (grid y) and quad of outputs (grid x): its 64 threads stride along
//          k, four rows each, then add up their sums in shared memory
// Barrier  before each halving: sh_sums holds what other threads wrote
// Source   GPEN face_model/gpen_model.py, EqualLinear
// Twin     src/kernels/linear.ts

struct Params {
  k_quads: u32,
  m_quads: u32,
  activate: u32,
  half: u32,  // of the workgroup. A uniform, so that drivers do not expand the loop that starts from it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;        // (n, k)
@group(0) @binding(2) var<storage, read> w: array<vec4f>;        // (m, k)
@group(0) @binding(3) var<storage, read> b: array<vec4f>;        // (m)
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;  // (n, m)

const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes

var<workgroup> sh_sums: array<vec4f, 64>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x * 4u * params.k_quads;
  var sum = vec4f(0);
  for (var i = lane; i < params.k_quads; i += 64u) {
    let v = x[group.y * params.k_quads + i];
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
  if (lane == 0u) {
    var v = sh_sums[0] + b[group.x];
    if (params.activate != 0u) { v = GAIN * max(v, SLOPE * v); }
    y[group.y * params.m_quads + group.x] = v;
  }
}
