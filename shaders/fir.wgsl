// fir: y = act(gain / 64 * filter(x, [1 3 3 1] x [1 3 3 1]) + b), per channel, kept at every STRIDE-th pixel.
//
// Shapes   x (n, c, h_in, w_in), b (c) -> y (n, c, h, w)   h = (h_in + pad_before + pad_after - 4) / STRIDE + 1
// Threads  one per column of RUN output pixels of one channel quad; x fastest, then row blocks,
//          quads, samples. Rows are filtered along x as they come and summed down the column.
// Why      the filter is separable: a column of 4 needs 7 rows x 4 loads instead of 4 x 16
// Source   GPEN face_model/op/upfirdn2d.py and gpen_model.py, Blur
// Twin     src/kernels/fir.ts

// prelude
alias Quad = vec4f;
const STRIDE = 1u;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  row_blocks: u32,
  c_quads: u32,
  h_in: u32,
  w_in: u32,
  h: u32,
  w: u32,
  pad: u32,
  gain: u32,
  window: u32,
  run: u32,
  activate: u32,
  x_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, c, h_in, w_in)
@group(0) @binding(2) var<storage, read> b: array<vec4f>;       // (c)
@group(0) @binding(3) var<storage, read_write> y: array<Quad>;  // (n, c, h, w)

const RUN = 4u;
const SLOPE = 0.2f;
const ROOT_2 = 1.4142135f;

fn load(row: u32, ix: u32, inside: bool) -> vec4f {
  let ok = inside && ix < params.w_in;
  return select(vec4f(0), vec4f(x[select(0u, row + ix, ok)]), ok);
}

// 1, 3, 3, 1 for k from 0 to 3, else 0; rows above the filter wrap around to large k.
fn tap(k: u32) -> f32 {
  return select(0.0, select(1.0, 3.0, k == 1u || k == 2u), k < 4u);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.row_blocks * RUN + params.row_first;
  let q = thread / (params.w * params.row_blocks) % params.c_quads;
  let n = thread / (params.w * params.row_blocks * params.c_quads) + params.n_first;

  var sums: array<vec4f, RUN>;
  // The bound is a uniform so that drivers do not expand this loop: lavapipe compiles it in 0.2 s, not 1.8.
  for (var i = 0u; i < params.window; i++) {
    let iy = oy * STRIDE + i - params.pad;
    let row = ((n * params.h_in + iy) * params.c_quads + q) * params.w_in - params.x_base;
    let ix = ox * STRIDE - params.pad;
    // A block that reaches below the band loads rows it may not have bound; no output row uses them.
    let inside = iy < params.h_in;
    let filtered = load(row, ix, inside) + load(row, ix + 3u, inside)
      + 3.0 * (load(row, ix + 1u, inside) + load(row, ix + 2u, inside));
    for (var p = 0u; p < RUN; p++) { // unroll
      sums[p] += tap(i - p * STRIDE) * filtered;
    }
  }

  let scale = f32(params.gain) / 64.0;
  let biased = params.activate != 0u;
  let bias = b[select(0u, q, biased)];
  // One place that stores, as each takes a driver that compiles for CPUs 20 ms.
  for (var i = 0u; i < params.run; i++) {
    var v = sums[0];
    for (var p = 0u; p < RUN; p++) { // unroll
      v = select(v, sums[p], i == p);
    }
    v *= scale;
    if (biased) {
      v += bias;
      v = ROOT_2 * max(v, SLOPE * v);
    }
    if (oy + i < params.row_first + params.rows) {
      y[((n * params.h + oy + i) * params.c_quads + q) * params.w + ox - params.y_base] = Quad(v);
    }
  }
}
