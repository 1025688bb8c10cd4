// depthwise_conv: y = conv(act(x), w) + b, every channel with k x k taps of its own; act is the ReLU or none.
//
// Shapes   x (n, c, h_in, w_in), w (1, c, k, k), b (c) -> y (n, c, h, w)
// Threads  one per pixel of one quad (4 channels); x fastest, then rows, quads, samples
// Why      what varies is in Params and not in the text: software drivers take some 0.3 s to compile
//          each load that is written out
// Source   TensorFlow Lite, DEPTHWISE_CONV_2D
// Twin     src/kernels/depthwise_conv.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  c_quads: u32,
  h_in: u32,
  w_in: u32,
  h: u32,
  w: u32,
  k: u32,
  stride: u32,
  pad_y: u32,
  pad_x: u32,
  biased: u32,
  relu: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, c, h_in, w_in)
@group(0) @binding(2) var<storage, read> w: array<Quad>;        // (1, c, k, k)
@group(0) @binding(3) var<storage, read> b: array<vec4f>;       // (c)
@group(0) @binding(4) var<storage, read_write> y: array<Quad>;  // (n, c, h, w)

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= params.threads) { return; }
  let ox = id.x % params.w;
  let oy = id.x / params.w + params.row_first;
  let q = group.y;
  let n = group.z + params.n_first;
  let least = select(-3.4e38, 0.0, params.relu != 0u);

  var sum = vec4f(0);
  if (params.biased != 0u) { sum = b[q]; }
  for (var ky = 0u; ky < params.k; ky++) {
    // Unsigned wrap-around turns rows and columns left of the image into huge ones: both are outside.
    let iy = oy * params.stride + ky - params.pad_y;
    let row = ((n * params.h_in + iy) * params.c_quads + q) * params.w_in;
    for (var kx = 0u; kx < params.k; kx++) {
      let ix = ox * params.stride + kx - params.pad_x;
      let inside = iy < params.h_in && ix < params.w_in;
      let v = max(vec4f(x[select(0u, row + ix, inside)]), vec4f(least));
      let tap = vec4f(w[(ky * params.c_quads + q) * params.k + kx]);
      sum = fma(select(vec4f(0), v, inside), tap, sum);
    }
  }
  y[((n * params.h + oy) * params.c_quads + q) * params.w + ox - params.y_base] = Quad(sum);
}
