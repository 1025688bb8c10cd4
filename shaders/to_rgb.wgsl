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
  skip_pixels: u32,  // 4, or 0 without a skip
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

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let n = thread / (params.w * params.rows) + params.n_first;
  let noise = e_activation[0].x;

  var rgb = b[0];
  let x_row = (n * params.x_rows_per_sample + oy) * params.x_quads;
  let e_row = (n * params.h + oy) * params.e_quads;
  for (var q = 0u; q < params.x_quads + params.e_quads; q++) {
    var v: vec4f;
    if (q < params.x_quads) {
      v = vec4f(x[(x_row + q) * params.w + ox - params.x_base]);
    } else {
      let eq = q - params.x_quads;
      v = fma(vec4f(e[(e_row + eq) * params.w + ox - params.e_base]), vec4f(noise), e_activation[1u + eq]);
      v = GAIN * max(v, SLOPE * v);
    }
    v *= s[n * params.s_stride + params.s_first + q];
    let first = q * 4u;
    rgb = fma(vec4f(v.x), w[first], fma(vec4f(v.y), w[first + 1u],
      fma(vec4f(v.z), w[first + 2u], fma(vec4f(v.w), w[first + 3u], rgb))));
  }
  // The skip's pixels: an even pixel 2m lies between m - 1 and m, an odd one 2m + 1 between m + 1 and m.
  let near = vec2u(ox, oy) / 2u;
  let far = near - 1u + 2u * (vec2u(ox, oy) % 2u);
  let half = vec2u(params.w, params.h) / 2u;
  for (var i = 0u; i < params.skip_pixels; i++) {
    let at = select(near, far, vec2<bool>((i & 1u) != 0u, (i & 2u) != 0u));
    let ok = at.x < half.x && at.y < half.y;
    let weight = select(3.0, 1.0, (i & 1u) != 0u) * select(3.0, 1.0, (i & 2u) != 0u) / 16.0;
    let v = skip[select(0u, (n * half.y + at.y) * half.x + at.x - params.skip_base, ok)];
    rgb += select(0.0, weight, ok) * v;
  }
  y[(n * params.h + oy) * params.w + ox - params.y_base] = rgb;
}
