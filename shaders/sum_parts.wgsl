// sum_parts: y = act(sum over parts of x + b), of what a convolution made from parts of its input.
//
// Shapes   x (n, parts c, h, w), b (c) or nothing -> y (n, c, h, w); c a multiple of 4
// Threads  one per pixel and quad of 4 channels; workgroups of 64
// Source   GPEN face_model/op/fused_act.py, FusedLeakyReLU
// Twin     src/kernels/sum_parts.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  c_quads: u32,
  parts: u32,
  h: u32,
  w: u32,
  x_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, parts c, h, w)
@group(0) @binding(2) var<storage, read> b: array<vec4f>;       // (c)
@group(0) @binding(3) var<storage, read_write> y: array<Quad>;  // (n, c, h, w)

override BIAS: bool = true;
override ACTIVATE: bool = true;

const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let q = thread / params.w % params.c_quads;
  let oy = thread / (params.w * params.c_quads) % params.rows + params.row_first;
  let n = thread / (params.w * params.c_quads * params.rows) + params.n_first;
  let row = n * params.h + oy;
  var v = vec4f(0);
  for (var part = 0u; part < params.parts; part++) {
    v += vec4f(x[((row * params.parts + part) * params.c_quads + q) * params.w + ox - params.x_base]);
  }
  if (BIAS) { v += b[q]; }
  if (ACTIVATE) { v = GAIN * max(v, SLOPE * v); }
  y[(row * params.c_quads + q) * params.w + ox - params.y_base] = Quad(v);
}
