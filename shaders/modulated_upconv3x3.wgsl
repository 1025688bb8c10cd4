// modulated_upconv3x3: y = d * conv_transpose(concat(x, act(noise * e + bias)) * s, w), 3x3, stride 2.
//
// Shapes   x (n, c_x, h, w), e (n, c_e, h, w) or nothing, w (c_out, c_x + c_e, 3, 3)
//          -> y (n, c_out, 2h + 1, 2w + 1)
// Threads  one per RUN input columns of one row pair and output quad: it owns the 2 x 2 RUN outputs at
//          (2m + 0..1, 2l + 0..1). The last column and row of y are even ones past the input's end.
// Why      by phases, one input pixel costs 9 multiply-adds instead of 36: even rows see taps 0 and 2,
//          odd rows tap 1 (y[2m] = x[m] w[0] + x[m-1] w[2], y[2m+1] = x[m] w[1]), columns likewise
// Source   GPEN face_model/gpen_model.py, ModulatedConv2d(upsample=True)
// Twin     src/kernels/modulated_upconv3x3.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  pair_first: u32,
  row_pairs: u32,
  w_blocks: u32,
  c_out_quads: u32,
  x_quads: u32,
  e_quads: u32,
  h: u32,
  w: u32,
  x_rows_per_sample: u32,
  s_first: u32,
  s_stride: u32,
  d_first: u32,
  d_stride: u32,
  x_base: u32,
  e_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;             // (n or 1, c_x, h, w)
@group(0) @binding(2) var<storage, read> e: array<Quad>;             // (n, c_e, h, w)
@group(0) @binding(3) var<storage, read> e_activation: array<vec4f>; // [noise weight, 0, 0, 0, bias (c_e)]
@group(0) @binding(4) var<storage, read> w: array<Quad>;             // (c_out, c_x + c_e, 3, 3)
@group(0) @binding(5) var<storage, read> s: array<vec4f>;            // (n, styles of all layers)
@group(0) @binding(6) var<storage, read> d: array<vec4f>;            // (n, demodulation of all layers)
@group(0) @binding(7) var<storage, read_write> y: array<Quad>;       // (n, c_out, 2h + 1, 2w + 1)

const RUN = 2u;
const WINDOW = RUN + 1u;
const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes

fn load_x(row: u32, ix: u32, inside: bool) -> vec4f {
  let ok = inside && ix < params.w;
  return select(vec4f(0), vec4f(x[select(0u, row + ix, ok)]), ok);
}

fn load_e(row: u32, ix: u32, inside: bool, noise: f32, bias: vec4f) -> vec4f {
  let ok = inside && ix < params.w;
  let v = fma(vec4f(e[select(0u, row + ix, ok)]), vec4f(noise), bias);
  return select(vec4f(0), GAIN * max(v, SLOPE * v), ok);
}

fn multiply(v: vec4f, w0: vec4f, w1: vec4f, w2: vec4f, w3: vec4f, acc: vec4f) -> vec4f {
  return fma(vec4f(v.x), w0, fma(vec4f(v.y), w1, fma(vec4f(v.z), w2, fma(vec4f(v.w), w3, acc))));
}

// Adds one tap's products of two neighbouring pixels to the two outputs of one phase.
fn add_tap(first: u32, left: vec4f, right: vec4f, phase: ptr<function, array<vec4f, RUN>>) {
  let w0 = vec4f(w[first]);
  let w1 = vec4f(w[first + 1u]);
  let w2 = vec4f(w[first + 2u]);
  let w3 = vec4f(w[first + 3u]);
  (*phase)[0] = multiply(left, w0, w1, w2, w3, (*phase)[0]);
  (*phase)[1] = multiply(right, w0, w1, w2, w3, (*phase)[1]);
}

fn store(out_row: u32, ox: u32, value: vec4f) {
  if (ox < 2u * params.w + 1u) { y[out_row + ox] = Quad(value); }
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= params.threads) { return; }
  let l = id.x % params.w_blocks * RUN;
  let m = id.x / params.w_blocks + params.pair_first;
  let oq = group.y;  // from the workgroup, so that weights are loaded once for all its threads
  let n = group.z + params.n_first;
  let c_in_quads = params.x_quads + params.e_quads;
  let noise = e_activation[0].x;

  var even_even: array<vec4f, RUN>;  // (output row, output column)
  var even_odd: array<vec4f, RUN>;
  var odd_even: array<vec4f, RUN>;
  var odd_odd: array<vec4f, RUN>;
  for (var iq = 0u; iq < c_in_quads; iq++) {
    let style = s[n * params.s_stride + params.s_first + iq];
    let tap = (oq * c_in_quads + iq) * 36u;
    // Input rows m - 1 and m, columns l - 1 .. l + RUN - 1; row and column -1 wrap around to outside.
    var above: array<vec4f, WINDOW>;
    var here: array<vec4f, WINDOW>;
    if (iq < params.x_quads) {
      let row = ((n * params.x_rows_per_sample + m) * params.x_quads + iq) * params.w - params.x_base;
      for (var i = 0u; i < WINDOW; i++) { // unroll
        above[i] = style * load_x(row - params.x_quads * params.w, l + i - 1u, m - 1u < params.h);
        here[i] = style * load_x(row, l + i - 1u, m < params.h);
      }
    } else {
      let eq = iq - params.x_quads;
      let bias = e_activation[1u + eq];
      let row = ((n * params.h + m) * params.e_quads + eq) * params.w - params.e_base;
      for (var i = 0u; i < WINDOW; i++) { // unroll
        above[i] = style * load_e(row - params.e_quads * params.w, l + i - 1u, m - 1u < params.h, noise, bias);
        here[i] = style * load_e(row, l + i - 1u, m < params.h, noise, bias);
      }
    }
    add_tap(tap, here[1], here[2], &even_even);
    add_tap(tap + 8u, here[0], here[1], &even_even);
    add_tap(tap + 24u, above[1], above[2], &even_even);
    add_tap(tap + 32u, above[0], above[1], &even_even);
    add_tap(tap + 4u, here[1], here[2], &even_odd);
    add_tap(tap + 28u, above[1], above[2], &even_odd);
    add_tap(tap + 12u, here[1], here[2], &odd_even);
    add_tap(tap + 20u, here[0], here[1], &odd_even);
    add_tap(tap + 16u, here[1], here[2], &odd_odd);
  }

  let demodulation = d[n * params.d_stride + params.d_first + oq];
  let out_w = 2u * params.w + 1u;
  let even = ((n * (2u * params.h + 1u) + 2u * m) * params.c_out_quads + oq) * out_w - params.y_base;
  let odd = even + params.c_out_quads * out_w;
  // Pairs at a band's ends may hold a row that another band owns.
  let has_even = 2u * m >= params.row_first && 2u * m < params.row_first + params.rows;
  let has_odd = 2u * m + 1u >= params.row_first && 2u * m + 1u < params.row_first + params.rows;
  for (var p = 0u; p < RUN; p++) { // unroll
    if (has_even) {
      store(even, 2u * (l + p), demodulation * even_even[p]);
      store(even, 2u * (l + p) + 1u, demodulation * even_odd[p]);
    }
    if (has_odd) {
      store(odd, 2u * (l + p), demodulation * odd_even[p]);
      store(odd, 2u * (l + p) + 1u, demodulation * odd_odd[p]);
    }
  }
}
