// conv_same: y = relu(conv(x, w) + b + skip), k x k taps, zeros around x such that there are
// ceil(side / stride) outputs. The skip may have fewer channels, the others are 0, and twice the side:
// then it is the maximum of 2x2.
//
// Shapes   x (n, c_in, h_in, w_in), w (c_out, c_in, k, k), b (c_out), skip (n, c_skip, h, w) or
//          (n, c_skip, 2 h, 2 w) -> y (n, c_out, h, w)
// Threads  one per RUN neighbouring pixels of QUADS output quads (4 channels each); x fastest, then
//          rows, output quads, samples. Nothing is shared, so that there is no barrier.
// Why      a loaded pixel serves all QUADS, a loaded weight all RUN. What varies is in Params and not
//          in the text: software drivers take some 0.3 s to compile each load that is written out
// Source   TensorFlow Lite, CONV_2D with SAME padding; the residual of BlazeFace (arXiv 1907.05047)
// Twin     src/kernels/conv_same.ts

// prelude
alias Quad = vec4f;
const RUN = 4u;
const QUADS = 2u;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  w_blocks: u32,
  c_out_quads: u32,
  c_in_quads: u32,
  c_skip_quads: u32,
  skip_scale: u32,
  h_in: u32,
  w_in: u32,
  h: u32,
  w: u32,
  k: u32,
  stride: u32,
  pad_y: u32,
  pad_x: u32,
  relu: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, c_in, h_in, w_in)
@group(0) @binding(2) var<storage, read> w: array<Quad>;        // (c_out, c_in, k, k)
@group(0) @binding(3) var<storage, read> b: array<vec4f>;       // (c_out)
@group(0) @binding(4) var<storage, read> skip: array<Quad>;     // (n, c_skip, h, w) or twice the side
@group(0) @binding(5) var<storage, read_write> y: array<Quad>;  // (n, c_out, h, w)

const SUMS = RUN * QUADS;

// The skip at an output pixel: the maximum of skip_scale x skip_scale pixels; 0 where it has no such quad.
fn skipped(n: u32, oq: u32, oy: u32, ox: u32) -> vec4f {
  let scale = params.skip_scale;
  if (oq >= params.c_skip_quads) { return vec4f(0); }
  var most = vec4f(-3.4e38);
  for (var i = 0u; i < scale * scale; i++) {
    let row = ((n * params.h + oy) * scale + i / scale) * params.c_skip_quads + oq;
    most = max(most, vec4f(skip[(row * params.w + ox) * scale + i % scale]));
  }
  return most;
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= params.threads) { return; }
  let ox = id.x % params.w_blocks * RUN;
  let oy = id.x / params.w_blocks + params.row_first;
  let oq = group.y * QUADS;  // from the workgroup, so that weights are loaded once for all its threads
  let n = group.z + params.n_first;

  var acc: array<vec4f, SUMS>;
  for (var iq = 0u; iq < params.c_in_quads; iq++) {
    var tap = (oq * params.c_in_quads + iq) * params.k * params.k * 4u;
    for (var ky = 0u; ky < params.k; ky++) {
      // Unsigned wrap-around turns rows and columns left of the image into huge ones: both are outside.
      let iy = oy * params.stride + ky - params.pad_y;
      let row = ((n * params.h_in + iy) * params.c_in_quads + iq) * params.w_in;
      for (var kx = 0u; kx < params.k; kx++) {
        let ix = ox * params.stride + kx - params.pad_x;
        var v: array<vec4f, RUN>;
        for (var p = 0u; p < RUN; p++) { // unroll
          let at = ix + p * params.stride;
          let inside = iy < params.h_in && at < params.w_in;
          v[p] = select(vec4f(0), vec4f(x[select(0u, row + at, inside)]), inside);
        }
        for (var q = 0u; q < QUADS; q++) { // unroll
          let first = tap + q * params.c_in_quads * params.k * params.k * 4u;
          let w0 = vec4f(w[first]);
          let w1 = vec4f(w[first + 1u]);
          let w2 = vec4f(w[first + 2u]);
          let w3 = vec4f(w[first + 3u]);
          for (var p = 0u; p < RUN; p++) { // unroll
            let i = q * RUN + p;
            acc[i] = fma(vec4f(v[p].x), w0, fma(vec4f(v[p].y), w1, fma(vec4f(v[p].z), w2, fma(vec4f(v[p].w), w3, acc[i]))));
          }
        }
        tap += 4u;
      }
    }
  }

  for (var q = 0u; q < QUADS; q++) { // unroll
    let out = ((n * params.h + oy) * params.c_out_quads + oq + q) * params.w - params.y_base;
    for (var p = 0u; p < RUN; p++) { // unroll
      if (oq + q < params.c_out_quads && ox + p < params.w) {
        let v = acc[q * RUN + p] + b[oq + q] + skipped(n, oq + q, oy, ox + p);
        y[out + ox + p] = Quad(select(v, max(v, vec4f(0)), params.relu != 0u));
      }
    }
  }
}
