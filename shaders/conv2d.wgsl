// conv2d: y = act(conv(x, w) + b), taps K x K, stride STRIDE; act is sqrt(2) leaky_relu(., 0.2) or none.
//
// Shapes   x (n, c_in, h_in, w_in), w (c_out, c_in, K, K), b (c_out) -> y (n, c_out, h, w)
// Threads  one per RUN neighbouring pixels of one output quad (4 channels); x fastest, then rows,
//          output quads, samples. Nothing is shared, so that there is no barrier.
// Why      every loaded weight serves RUN pixels, every loaded pixel serves up to K columns
// Source   GPEN face_model/gpen_model.py, EqualConv2d + FusedLeakyReLU
// Twin     src/kernels/conv2d.ts

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
  h_in: u32,
  w_in: u32,
  h: u32,
  w: u32,
  pad: u32,
  x_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, c_in, h_in, w_in)
@group(0) @binding(2) var<storage, read> w: array<Quad>;        // (c_out, c_in, K, K)
@group(0) @binding(3) var<storage, read> b: array<vec4f>;       // (c_out)
@group(0) @binding(4) var<storage, read_write> y: array<Quad>;  // (n, c_out, h, w)

override BIAS: bool = true;
override ACTIVATE: bool = true;

const WINDOW = RUN * STRIDE + K - STRIDE;
const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes

fn load(row: u32, ix: u32, inside: bool) -> vec4f {
  let ok = inside && ix < params.w_in;
  return select(vec4f(0), vec4f(x[select(0u, row + ix, ok)]), ok);
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
      let iy = oy * STRIDE + ky - params.pad;
      let row = ((n * params.h_in + iy) * params.c_in_quads + iq) * params.w_in - params.x_base;
      let ix = ox * STRIDE - params.pad;
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
      var v = acc[p];
      if (BIAS) { v += b[oq]; }
      if (ACTIVATE) { v = GAIN * max(v, SLOPE * v); }
      y[out + ox + p] = Quad(v);
    }
  }
}
