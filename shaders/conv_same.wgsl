// conv_same: y = relu(conv(x, w) + b + skip), taps K x K, stride STRIDE, zeros around x such that there are
// ceil(side / STRIDE) outputs. The skip may have fewer channels, the others are 0, and twice the side:
// then it is the maximum of 2x2.
//
// Shapes   x (n, c_in, h_in, w_in), w (c_out, c_in, K, K), b (c_out), skip (n, c_skip, h, w) or
//          (n, c_skip, 2 h, 2 w) -> y (n, c_out, h, w)
// Threads  one per RUN neighbouring pixels of one output quad (4 channels); x fastest, then rows,
//          output quads, samples. Nothing is shared, so that there is no barrier.
// Source   TensorFlow Lite, CONV_2D with SAME padding; the residual of BlazeFace (arXiv 1907.05047)
// Twin     src/kernels/conv_same.ts

// prelude
alias Quad = vec4f;
const K = 3u;
const STRIDE = 1u;
const RUN = 4u;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  w_blocks: u32,
  c_out_quads: u32,
  c_in_quads: u32,
  c_skip_quads: u32,
  h_in: u32,
  w_in: u32,
  h: u32,
  w: u32,
  pad_y: u32,
  pad_x: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, c_in, h_in, w_in)
@group(0) @binding(2) var<storage, read> w: array<Quad>;        // (c_out, c_in, K, K)
@group(0) @binding(3) var<storage, read> b: array<vec4f>;       // (c_out)
@group(0) @binding(4) var<storage, read> skip: array<Quad>;     // (n, c_skip, h, w) or twice the side
@group(0) @binding(5) var<storage, read_write> y: array<Quad>;  // (n, c_out, h, w)

override SKIP: bool = true;
override POOL: bool = false;
override RELU: bool = true;

const WINDOW = (RUN - 1u) * STRIDE + K;

fn load(row: u32, ix: u32, inside: bool) -> vec4f {
  let ok = inside && ix < params.w_in;
  return select(vec4f(0), vec4f(x[select(0u, row + ix, ok)]), ok);
}

fn skipped(n: u32, oq: u32, oy: u32, ox: u32) -> vec4f {
  let scale = select(1u, 2u, POOL);
  let pitch = params.c_skip_quads * scale * params.w;
  let at = ((n * params.h + oy) * scale * params.c_skip_quads + oq) * scale * params.w + scale * ox;
  if (!POOL) { return vec4f(skip[at]); }
  let above = max(vec4f(skip[at]), vec4f(skip[at + 1u]));
  return max(above, max(vec4f(skip[at + pitch]), vec4f(skip[at + pitch + 1u])));
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= params.threads) { return; }
  let ox = id.x % params.w_blocks * RUN;
  let oy = id.x / params.w_blocks + params.row_first;
  let oq = group.y;  // from the workgroup, so that weights are loaded once for all its threads
  let n = group.z + params.n_first;

  var acc: array<vec4f, RUN>;
  for (var iq = 0u; iq < params.c_in_quads; iq++) {
    let w_first = (oq * params.c_in_quads + iq) * K * K * 4u;
    for (var ky = 0u; ky < K; ky++) {
      // Unsigned wrap-around turns rows and columns left of the image into huge ones: both are outside.
      let iy = oy * STRIDE + ky - params.pad_y;
      let row = ((n * params.h_in + iy) * params.c_in_quads + iq) * params.w_in;
      let ix = ox * STRIDE - params.pad_x;
      var window: array<vec4f, WINDOW>;
      for (var i = 0u; i < WINDOW; i++) { // unroll
        window[i] = load(row, ix + i, iy < params.h_in);
      }
      for (var kx = 0u; kx < K; kx++) { // unroll
        let tap = w_first + (ky * K + kx) * 4u;
        let w0 = vec4f(w[tap]);
        let w1 = vec4f(w[tap + 1u]);
        let w2 = vec4f(w[tap + 2u]);
        let w3 = vec4f(w[tap + 3u]);
        for (var p = 0u; p < RUN; p++) { // unroll
          let v = window[p * STRIDE + kx];
          acc[p] = fma(vec4f(v.x), w0, fma(vec4f(v.y), w1, fma(vec4f(v.z), w2, fma(vec4f(v.w), w3, acc[p]))));
        }
      }
    }
  }

  let out = ((n * params.h + oy) * params.c_out_quads + oq) * params.w - params.y_base;
  for (var p = 0u; p < RUN; p++) { // unroll
    if (ox + p < params.w) {
      var v = acc[p] + b[oq];
      if (SKIP && oq < params.c_skip_quads) { v += skipped(n, oq, oy, ox + p); }
      if (RELU) { v = max(v, vec4f(0)); }
      y[out + ox + p] = Quad(v);
    }
  }
}
