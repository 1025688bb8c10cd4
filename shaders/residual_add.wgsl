// residual_add: y = (a + b) / sqrt(2), which keeps the variance of two branches of equal variance.
//
// Shapes   a (n, c, h, w), b (n, c, h, w) -> y (n, c, h, w)
// Threads  one per pixel of one quad; x fastest, then rows, quads, samples
// Source   GPEN face_model/gpen_model.py, ResBlock
// Twin     src/kernels/residual_add.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  c_quads: u32,
  h: u32,
  w: u32,
  a_base: u32,
  b_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<Quad>;        // (n, c, h, w)
@group(0) @binding(2) var<storage, read> b: array<Quad>;        // (n, c, h, w)
@group(0) @binding(3) var<storage, read_write> y: array<Quad>;  // (n, c, h, w)

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let q = thread / (params.w * params.rows) % params.c_quads;
  let n = thread / (params.w * params.rows * params.c_quads) + params.n_first;
  let at = ((n * params.h + oy) * params.c_quads + q) * params.w + ox;
  y[at - params.y_base] = Quad((vec4f(a[at - params.a_base]) + vec4f(b[at - params.b_base])) * 0.70710678);
}
