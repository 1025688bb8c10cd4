// resize_bilinear: y = x at another size; half-pixel centres, edges clamped, no antialiasing.
//
// Shapes   x (n, c, h_in, w_in) -> y (n, c, h, w)
// Threads  one per pixel of one quad; x fastest, then rows, quads, samples
// Source   PyTorch interpolate(mode="bilinear", align_corners=False), the filter of GPEN's degradation
// Twin     src/kernels/resize_bilinear.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  c_quads: u32,
  h_in: u32,
  w_in: u32,
  h: u32,
  w: u32,
  x_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, c, h_in, w_in)
@group(0) @binding(2) var<storage, read_write> y: array<Quad>;  // (n, c, h, w)

// Index of the pixel before the centre of output pixel o, and how far behind it the centre lies.
fn source(o: u32, size_in: u32, size: u32) -> vec2f {
  let centre = max(0.0, (f32(o) + 0.5) * (f32(size_in) / f32(size)) - 0.5);
  return vec2f(floor(centre), fract(centre));
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let q = thread / (params.w * params.rows) % params.c_quads;
  let n = thread / (params.w * params.rows * params.c_quads) + params.n_first;
  let sx = source(ox, params.w_in, params.w);
  let sy = source(oy, params.h_in, params.h);
  let x0 = min(u32(sx.x), params.w_in - 1u);
  let x1 = min(x0 + 1u, params.w_in - 1u);
  let y0 = min(u32(sy.x), params.h_in - 1u);
  let y1 = min(y0 + 1u, params.h_in - 1u);
  let row0 = ((n * params.h_in + y0) * params.c_quads + q) * params.w_in - params.x_base;
  let row1 = ((n * params.h_in + y1) * params.c_quads + q) * params.w_in - params.x_base;
  let above = mix(vec4f(x[row0 + x0]), vec4f(x[row0 + x1]), sx.y);
  let below = mix(vec4f(x[row1 + x0]), vec4f(x[row1 + x1]), sx.y);
  let to = ((n * params.h + oy) * params.c_quads + q) * params.w + ox;
  y[to - params.y_base] = Quad(mix(above, below, sy.y));
}
