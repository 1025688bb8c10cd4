// minibatch_stddev: y = x and one channel more: the batch's mean standard deviation, everywhere the same.
//
// Shapes   x (n, c, h, w) -> y (n, c + 1, h, w)
// Threads  one workgroup for all (the map is 4 x 4): 64 threads stride along the quads of a sample,
//          add up the deviations in shared memory, then stride along y to copy and to append
// Barrier  before each halving, and before the sum is read: sh_sums holds what others wrote
// Source   GPEN face_model/gpen_model.py, Discriminator.forward; the group is the whole batch
// Twin     src/kernels/minibatch_stddev.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  n: u32,
  c: u32,
  hw_quads: u32,
  w: u32,
  h: u32,
  half: u32,  // of the workgroup. A uniform, so that drivers do not expand the loop that starts from it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, c, h, w)
@group(0) @binding(2) var<storage, read_write> y: array<Quad>;  // (n, c + 1, h, w)

var<workgroup> sh_sums: array<f32, 64>;

fn deviation(i: u32) -> vec4f {
  var mean = vec4f(0);
  for (var n = 0u; n < params.n; n++) { mean += vec4f(x[n * params.hw_quads + i]); }
  mean /= f32(params.n);
  var variance = vec4f(0);
  for (var n = 0u; n < params.n; n++) {
    let d = vec4f(x[n * params.hw_quads + i]) - mean;
    variance += d * d;
  }
  return sqrt(variance / f32(params.n) + 1e-8);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(local_invocation_index) lane: u32) {
  let c_quads = (params.c + 3u) / 4u;
  var sum = 0.0;
  for (var i = lane; i < params.hw_quads; i += 64u) {
    // Channels that only fill up the last quad are no part of the mean.
    let first = i / params.w % c_quads * 4u;
    let real = vec4u(first, first + 1u, first + 2u, first + 3u) < vec4u(params.c);
    sum += dot(deviation(i), select(vec4f(0), vec4f(1), real));
  }
  sh_sums[lane] = sum;
  for (var step = params.half; step > 0u; step >>= 1u) {
    workgroupBarrier();
    if (lane < step) { sh_sums[lane] += sh_sums[lane + step]; }
  }
  workgroupBarrier();
  let mean = sh_sums[0] / f32(params.c * params.h * params.w);

  let out_quads = (params.c + 4u) / 4u;
  for (var i = lane; i < params.n * params.h * out_quads * params.w; i += 64u) {
    let q = i / params.w % out_quads;
    let row = i / (params.w * out_quads);
    var v = vec4f(0);
    if (q < c_quads) { v = vec4f(x[(row * c_quads + q) * params.w + i % params.w]); }
    if (q == params.c / 4u) { v[params.c % 4u] = mean; }
    y[i] = Quad(v);
  }
}
