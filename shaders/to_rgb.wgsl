// to_rgb: y = conv1x1(concat(x, act(noise * e + bias)) * s, w) + b + upsample(skip), no demodulation.
//
// Shapes   x (n, c_x, h, w), e (n, c_e, h, w) or nothing, w (3, c_x + c_e, 1, 1), b (3),
//          skip (n, 3, h/2, w/2) or nothing -> y (n, 3, h, w)
// Threads  one per pixel; x fastest, then rows, samples
// Why      styles stay unnormalised f32: without demodulation their scale is part of the picture.
//          upsample is zero insertion and the [1 3 3 1] filter with gain 4: by phases two taps of
//          1/4 and 3/4 per axis
// Source   GPEN face_model/gpen_model.py, ToRGB
// Twin     src/kernels/to_rgb.ts

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
  has_skip: u32,
  x_base: u32,
  e_base: u32,
  skip_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;             // (n, c_x, h, w)
@group(0) @binding(2) var<storage, read> e: array<Quad>;             // (n, c_e, h, w)
@group(0) @binding(3) var<storage, read> e_activation: array<vec4f>; // [noise weight, 0, 0, 0, bias (c_e)]
@group(0) @binding(4) var<storage, read> w: array<vec4f>;            // (3, c_x + c_e, 1, 1)
@group(0) @binding(5) var<storage, read> s: array<vec4f>;            // (n, styles of all layers)
@group(0) @binding(6) var<storage, read> b: array<vec4f>;            // (3)
@group(0) @binding(7) var<storage, read> skip: array<vec4f>;         // (n, 3, h/2, w/2)
@group(0) @binding(8) var<storage, read_write> y: array<vec4f>;      // (n, 3, h, w)

const SLOPE = 0.2f;
const GAIN = 1.4142135f;  // sqrt(2) restores the variance that the leaky ReLU removes

fn multiply(v: vec4f, iq: u32, acc: vec4f) -> vec4f {
  let first = iq * 4u;
  return fma(vec4f(v.x), w[first], fma(vec4f(v.y), w[first + 1u],
    fma(vec4f(v.z), w[first + 2u], fma(vec4f(v.w), w[first + 3u], acc))));
}

fn load_skip(n: u32, iy: u32, ix: u32) -> vec4f {
  let h = params.h / 2u;
  let w = params.w / 2u;
  let ok = iy < h && ix < w;
  return select(vec4f(0), skip[select(0u, (n * h + iy) * w + ix - params.skip_base, ok)], ok);
}

fn upsampled_skip(n: u32, oy: u32, ox: u32) -> vec4f {
  // An even pixel 2m lies between m - 1 and m, an odd one 2m + 1 between m + 1 and m.
  let near = vec2u(ox, oy) / 2u;
  let far = near - 1u + 2u * (vec2u(ox, oy) % 2u);
  return (9.0 * load_skip(n, near.y, near.x) + 3.0 * load_skip(n, near.y, far.x)
    + 3.0 * load_skip(n, far.y, near.x) + load_skip(n, far.y, far.x)) / 16.0;
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let n = thread / (params.w * params.rows) + params.n_first;
  let s_first = n * params.s_stride + params.s_first;
  let noise = e_activation[0].x;

  var rgb = b[0];
  let x_row = (n * params.x_rows_per_sample + oy) * params.x_quads;
  for (var q = 0u; q < params.x_quads; q++) {
    rgb = multiply(s[s_first + q] * vec4f(x[(x_row + q) * params.w + ox - params.x_base]), q, rgb);
  }
  let e_row = (n * params.h + oy) * params.e_quads;
  for (var q = 0u; q < params.e_quads; q++) {
    let v = fma(vec4f(e[(e_row + q) * params.w + ox - params.e_base]), vec4f(noise), e_activation[1u + q]);
    let iq = params.x_quads + q;
    rgb = multiply(s[s_first + iq] * GAIN * max(v, SLOPE * v), iq, rgb);
  }
  if (params.has_skip != 0u) { rgb += upsampled_skip(n, oy, ox); }
  y[(n * params.h + oy) * params.w + ox - params.y_base] = rgb;
}
