// modulated_upconv3x3: y = d * conv_transpose(concat(x, act(noise * e + bias)) * s, w), 3x3, stride 2.
//
// Shapes   x (n, c_x, h, w), e (n, c_e, h, w) or nothing, w (c_out, c_x + c_e, 3, 3)
//          -> y (n, c_out, 2h + 1, 2w + 1)
// Threads  one per 2 RUN neighbouring outputs of one row and output quad; x fastest, then rows (even ones
//          first, as they take twice the time), output quads, samples. Nothing is shared.
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
  even_rows: u32,
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

const RUN = 4u;
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

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= params.threads) { return; }
  let l = id.x % params.w_blocks * RUN;
  let r = id.x / params.w_blocks;
  let odd_row = u32(r >= params.even_rows);
  // The band's first row of this parity, then every second one.
  let oy = params.row_first + ((params.row_first ^ odd_row) & 1u) + 2u * (r - odd_row * params.even_rows);
  let oq = group.y;  // from the workgroup, so that weights are loaded once for all its threads
  let n = group.z + params.n_first;
  let c_in_quads = params.x_quads + params.e_quads;
  let noise = e_activation[0].x;

  var even_columns: array<vec4f, RUN>;  // 2 (l + p)
  var odd_columns: array<vec4f, RUN>;   // 2 (l + p) + 1
  for (var iq = 0u; iq < c_in_quads; iq++) {
    let style = s[n * params.s_stride + params.s_first + iq];
    // An even row adds input rows oy / 2 and the one above, by tap rows 0 and 2; an odd one has tap row 1.
    for (var ky = odd_row; ky < 3u - odd_row; ky += 2u) {
      let iy = oy / 2u - ky / 2u;
      // Columns l - 1 .. l + RUN - 1; row and column -1 wrap around to outside.
      var window: array<vec4f, WINDOW>;
      if (iq < params.x_quads) {
        let row = ((n * params.x_rows_per_sample + iy) * params.x_quads + iq) * params.w - params.x_base;
        for (var i = 0u; i < WINDOW; i++) { // unroll
          window[i] = style * load_x(row, l + i - 1u, iy < params.h);
        }
      } else {
        let eq = iq - params.x_quads;
        let row = ((n * params.h + iy) * params.e_quads + eq) * params.w - params.e_base;
        for (var i = 0u; i < WINDOW; i++) { // unroll
          window[i] = style * load_e(row, l + i - 1u, iy < params.h, noise, e_activation[1u + eq]);
        }
      }
      let tap = ((oq * c_in_quads + iq) * 9u + ky * 3u) * 4u;
      for (var kx = 0u; kx < 3u; kx++) { // unroll
        let w0 = vec4f(w[tap + kx * 4u]);
        let w1 = vec4f(w[tap + kx * 4u + 1u]);
        let w2 = vec4f(w[tap + kx * 4u + 2u]);
        let w3 = vec4f(w[tap + kx * 4u + 3u]);
        for (var p = 0u; p < RUN; p++) { // unroll
          if (kx == 1u) {
            odd_columns[p] = multiply(window[p + 1u], w0, w1, w2, w3, odd_columns[p]);
          } else {
            even_columns[p] = multiply(window[p + 1u - kx / 2u], w0, w1, w2, w3, even_columns[p]);
          }
        }
      }
    }
  }

  let demodulation = d[n * params.d_stride + params.d_first + oq];
  let out_w = 2u * params.w + 1u;
  let out = ((n * (2u * params.h + 1u) + oy) * params.c_out_quads + oq) * out_w - params.y_base;
  for (var p = 0u; p < RUN; p++) { // unroll
    let ox = 2u * (l + p);
    if (ox < out_w) { y[out + ox] = Quad(demodulation * even_columns[p]); }
    if (ox + 1u < out_w) { y[out + ox + 1u] = Quad(demodulation * odd_columns[p]); }
  }
}
