// modulate: y = concat(x, act(noise * e + bias)) * s, the input of a modulated convolution.
//
// Shapes   x (n or 1, c_x, h, w), e (n, c_e, h, w) or nothing, s a slice of all layers' styles
//          -> y (n, c_x + c_e, h, w); c_x a multiple of 4 where there is an e
// Threads  one per pixel and quad of 4 channels; workgroups of 64
// Source   GPEN face_model/gpen_model.py, NoiseInjection + FusedLeakyReLU, ModulatedConv2d's style
// Twin     src/kernels/modulate.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  x_quads: u32,
  e_quads: u32,
  h: u32,
  w: u32,
  x_rows_per_sample: u32,
  s_first: u32,
  s_stride: u32,
  x_base: u32,
  e_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;             // (n or 1, c_x, h, w)
@group(0) @binding(2) var<storage, read> e: array<Quad>;             // (n, c_e, h, w)
@group(0) @binding(3) var<storage, read> e_activation: array<vec4f>; // [noise weight, 0, 0, 0, bias (c_e)]
@group(0) @binding(4) var<storage, read> s: array<vec4f>;            // (n, styles of all layers)
@group(0) @binding(5) var<storage, read_write> y: array<Quad>;       // (n, c_x + c_e, h, w)

const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let c_quads = params.x_quads + params.e_quads;
  let ox = thread % params.w;
  let q = thread / params.w % c_quads;
  let oy = thread / (params.w * c_quads) % params.rows + params.row_first;
  let n = thread / (params.w * c_quads * params.rows) + params.n_first;
  var v: vec4f;
  if (q < params.x_quads) {
    v = vec4f(x[((n * params.x_rows_per_sample + oy) * params.x_quads + q) * params.w + ox - params.x_base]);
  } else {
    let eq = q - params.x_quads;
    let feature = vec4f(e[((n * params.h + oy) * params.e_quads + eq) * params.w + ox - params.e_base]);
    v = fma(feature, vec4f(e_activation[0].x), e_activation[1u + eq]);
    v = GAIN * max(v, SLOPE * v);
  }
  let style = s[n * params.s_stride + params.s_first + q];
  y[((n * params.h + oy) * c_quads + q) * params.w + ox - params.y_base] = Quad(style * v);
}
