// winograd_output: y = act(d * A^T m A + b) for each 6x6 patch m of products, 4x4 outputs from each.
//
// Shapes   x (n, 36 * c_out, tile rows, tile columns), d a slice of all layers' factors, b (c_out)
//          -> y (n, c_out, h, w); x's c_out in whole quads
// Threads  one per row of a tile and output quad; tiles fastest, then rows of outputs, quads, samples
// Why      the four threads of a tile read the same patch, once each, so that none holds more than a row
// Source   Lavin and Gray, arXiv 1509.09308, with the points 0, +-1/sqrt(2), +-sqrt(2), which round least in f32
// Twin     src/kernels/winograd_output.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,     // of the band and sample: tiles side by side, times rows of outputs
  row_first: u32,
  n_first: u32,
  tile_rows: u32,
  columns: u32,     // tiles side by side
  c_out_quads: u32,
  h: u32,
  w: u32,
  d_first: u32,
  d_stride: u32,
  flags: u32,       // 1: demodulate, 2: add the bias, 4: activate
  x_base: u32,
  y_base: u32,
  side: u32,        // 6, of a patch; not a constant, as lavapipe expands the loop and compiles 2 s
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, 36 c_out, tile rows, tile columns)
@group(0) @binding(2) var<storage, read> d: array<vec4f>;       // (n, demodulation of all layers)
@group(0) @binding(3) var<storage, read> b: array<vec4f>;       // (c_out)
@group(0) @binding(4) var<storage, read_write> y: array<Quad>;  // (n, c_out, h, w)

const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes
const A = 0.70710678f;    // the points are 0, A, -A, B, -B and infinity; A B = 1, A^2 + B^2 = 2.5
const B = 1.4142135f;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= params.threads) { return; }
  let tx = id.x % params.columns;
  let oy = id.x / params.columns + params.row_first;
  let r = oy % 4u;
  let oq = group.y;
  let n = group.z + params.n_first;

  // Row r of A^T: the powers r of the points.
  let a = select(select(1f, A, (r & 1u) != 0u), select(0.5f, 0.5f * A, (r & 1u) != 0u), r >= 2u);
  let b_power = select(select(1f, B, (r & 1u) != 0u), select(2f, 2f * B, (r & 1u) != 0u), r >= 2u);
  let sign = select(1f, -1f, (r & 1u) != 0u);
  let step = params.c_out_quads * params.columns;  // from one position to the next
  let first = ((n * params.tile_rows + oy / 4u) * 36u * params.c_out_quads + oq) * params.columns + tx - params.x_base;
  var t: array<vec4f, 6>;
  for (var i = 0u; i < params.side; i++) {
    let power = select(select(b_power, a, i < 3u) * select(1f, sign, i % 2u == 0u),
      select(0f, 1f, select(r == 0u, r == 3u, i == 5u)), i == 0u || i == 5u);
    for (var j = 0u; j < 6u; j++) { // unroll
      t[j] = fma(vec4f(power), vec4f(x[first + (i * 6u + j) * step]), t[j]);
    }
  }

  let a_sum = t[1] + t[2];
  let a_difference = A * (t[1] - t[2]);
  let b_sum = t[3] + t[4];
  let b_difference = B * (t[3] - t[4]);
  var v: array<vec4f, 4>;
  v[0] = t[0] + a_sum + b_sum;
  v[1] = a_difference + b_difference;
  v[2] = fma(vec4f(0.5f), a_sum, 2f * b_sum);
  v[3] = fma(vec4f(0.5f), a_difference, fma(vec4f(2f), b_difference, t[5]));
  let factors = (params.flags & 1u) != 0u;
  let biases = (params.flags & 2u) != 0u;
  let demodulation = select(vec4f(1), d[select(0u, n * params.d_stride + params.d_first + oq, factors)], factors);
  let bias = select(vec4f(0), b[select(0u, oq, biases)], biases);
  let out = ((n * params.h + oy) * params.c_out_quads + oq) * params.w + tx * 4u - params.y_base;
  for (var c = 0u; c < 4u; c++) { // unroll
    if (tx * 4u + c < params.w) {
      let sum = fma(demodulation, v[c], bias);
      y[out + c] = Quad(select(sum, GAIN * max(sum, SLOPE * sum), (params.flags & 4u) != 0u));
    }
  }
}
