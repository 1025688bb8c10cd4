// depthwise_conv: y = conv(act(x), w) + b, every channel with K x K taps of its own; act is the ReLU or none.
//
// Shapes   x (n, c, h_in, w_in), w (1, c, K, K), b (c) -> y (n, c, h, w)
// Threads  one per RUN neighbouring pixels of one quad (4 channels); x fastest, then rows, quads, samples
// Source   TensorFlow Lite, DEPTHWISE_CONV_2D
// Twin     src/kernels/depthwise_conv.ts

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
  c_quads: u32,
  h_in: u32,
  w_in: u32,
  h: u32,
  w: u32,
  pad_y: u32,
  pad_x: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, c, h_in, w_in)
@group(0) @binding(2) var<storage, read> w: array<Quad>;        // (1, c, K, K)
@group(0) @binding(3) var<storage, read> b: array<vec4f>;       // (c)
@group(0) @binding(4) var<storage, read_write> y: array<Quad>;  // (n, c, h, w)

override BIAS: bool = true;
override RELU: bool = false;

const WINDOW = (RUN - 1u) * STRIDE + K;

fn load(row: u32, ix: u32, inside: bool) -> vec4f {
  let ok = inside && ix < params.w_in;
  let v = select(vec4f(0), vec4f(x[select(0u, row + ix, ok)]), ok);
  return select(v, max(v, vec4f(0)), RELU);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= params.threads) { return; }
  let ox = id.x % params.w_blocks * RUN;
  let oy = id.x / params.w_blocks + params.row_first;
  let q = group.y;
  let n = group.z + params.n_first;

  var acc: array<vec4f, RUN>;
  for (var ky = 0u; ky < K; ky++) {
    // Unsigned wrap-around turns rows and columns left of the image into huge ones: both are outside.
    let iy = oy * STRIDE + ky - params.pad_y;
    let row = ((n * params.h_in + iy) * params.c_quads + q) * params.w_in;
    let ix = ox * STRIDE - params.pad_x;
    var window: array<vec4f, WINDOW>;
    for (var i = 0u; i < WINDOW; i++) { // unroll
      window[i] = load(row, ix + i, iy < params.h_in);
    }
    for (var kx = 0u; kx < K; kx++) { // unroll
      let tap = vec4f(w[(ky * params.c_quads + q) * K + kx]);
      for (var p = 0u; p < RUN; p++) { // unroll
        acc[p] = fma(window[p * STRIDE + kx], tap, acc[p]);
      }
    }
  }

  let out = ((n * params.h + oy) * params.c_quads + q) * params.w - params.y_base;
  for (var p = 0u; p < RUN; p++) { // unroll
    if (ox + p < params.w) {
      var v = acc[p];
      if (BIAS) { v += b[q]; }
      y[out + ox + p] = Quad(v);
    }
  }
}
