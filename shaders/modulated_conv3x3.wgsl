// modulated_conv3x3: y = act(d * conv(concat(x, act(noise * e + bias)) * s, w) + b), 3x3, padding 1.
//
// Shapes   x (n or 1, c_x, h, w), e (n, c_e, h, w) or nothing, s and d slices of all layers' vectors,
//          w (c_out, c_x + c_e, 3, 3), b (c_out) -> y (n, c_out, h, w)
// Threads  one per RUN neighbouring pixels of one output quad (4 channels); x fastest, then rows,
//          output quads, samples. Nothing is shared, so that there is no barrier.
// Why      the style scales what is loaded and the demodulation what is stored, so w stays constant;
//          the concatenation is two loads from two buffers. Zero padding comes after the activation:
//          the encoder half is masked last.
// Source   GPEN face_model/gpen_model.py, ModulatedConv2d + NoiseInjection + FusedLeakyReLU
// Twin     src/kernels/modulated_conv3x3.ts

// prelude
alias Quad = vec4f;
const RUN = 4u;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
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
@group(0) @binding(7) var<storage, read> b: array<vec4f>;            // (c_out)
@group(0) @binding(8) var<storage, read_write> y: array<Quad>;       // (n, c_out, h, w)

override ACTIVATE: bool = true;

const WINDOW = RUN + 2u;
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

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= params.threads) { return; }
  let ox = id.x % params.w_blocks * RUN;
  let oy = id.x / params.w_blocks + params.row_first;
  let oq = group.y;  // from the workgroup, so that weights are loaded once for all its threads
  let n = group.z + params.n_first;
  let c_in_quads = params.x_quads + params.e_quads;
  let noise = e_activation[0].x;

  var acc: array<vec4f, RUN>;
  for (var iq = 0u; iq < c_in_quads; iq++) {
    let style = s[n * params.s_stride + params.s_first + iq];
    let w_first = (oq * c_in_quads + iq) * 36u;
    for (var ky = 0u; ky < 3u; ky++) {
      // Unsigned wrap-around turns rows and columns left of the image into huge ones: both are outside.
      let iy = oy + ky - 1u;
      var window: array<vec4f, WINDOW>;
      if (iq < params.x_quads) {
        let row = ((n * params.x_rows_per_sample + iy) * params.x_quads + iq) * params.w - params.x_base;
        for (var i = 0u; i < WINDOW; i++) { // unroll
          window[i] = style * load_x(row, ox + i - 1u, iy < params.h);
        }
      } else {
        let eq = iq - params.x_quads;
        let row = ((n * params.h + iy) * params.e_quads + eq) * params.w - params.e_base;
        for (var i = 0u; i < WINDOW; i++) { // unroll
          window[i] = style * load_e(row, ox + i - 1u, iy < params.h, noise, e_activation[1u + eq]);
        }
      }
      for (var kx = 0u; kx < 3u; kx++) { // unroll
        let tap = w_first + (ky * 3u + kx) * 4u;
        let w0 = vec4f(w[tap]);
        let w1 = vec4f(w[tap + 1u]);
        let w2 = vec4f(w[tap + 2u]);
        let w3 = vec4f(w[tap + 3u]);
        for (var p = 0u; p < RUN; p++) { // unroll
          let v = window[p + kx];
          acc[p] = fma(vec4f(v.x), w0, fma(vec4f(v.y), w1, fma(vec4f(v.z), w2, fma(vec4f(v.w), w3, acc[p]))));
        }
      }
    }
  }

  let demodulation = d[n * params.d_stride + params.d_first + oq];
  let out = ((n * params.h + oy) * params.c_out_quads + oq) * params.w - params.y_base;
  for (var p = 0u; p < RUN; p++) { // unroll
    if (ox + p < params.w) {
      var v = demodulation * acc[p];
      if (ACTIVATE) {
        v += b[oq];
        v = GAIN * max(v, SLOPE * v);
      }
      y[out + ox + p] = Quad(v);
    }
  }
}
