// rgba8_to_planes: y = rgb / 127.5 - 1 (or rgb / 255) at another size, pixels to what the network takes;
// half-pixel centres, edges clamped, no antialiasing. Alpha is left out. Colorization takes the
// luminance in place of all three.
//
// Shapes   x (n, 4, h_in, w_in), one u32 a pixel with red lowest -> y (n, 3, h, w)
// Threads  one per pixel of y; x fastest, then rows, samples
// Source   GPEN face_model/face_gan.py: (img / 255 - 0.5) / 0.5; face_colorization.py; PyTorch
//          interpolate(mode="bilinear", align_corners=False), the filter of GPEN's degradation
// Twin     src/kernels/rgba8_to_planes.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  h_in: u32,
  w_in: u32,
  h: u32,
  w: u32,
  normalise: u32,
  grey: u32,
  x_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;         // (n, 4, h_in, w_in)
@group(0) @binding(2) var<storage, read_write> y: array<Quad>;  // (n, 3, h, w)

const LUMINANCE = vec3f(0.299, 0.587, 0.114);  // BT.601

// Index of the pixel before the centre of output pixel o, and how far behind it the centre lies.
fn source(o: u32, size_in: u32, size: u32) -> vec2f {
  let centre = max(0.0, (f32(o) + 0.5) * (f32(size_in) / f32(size)) - 0.5);
  return vec2f(floor(centre), fract(centre));
}

fn between(before: u32, after: u32, behind: f32) -> vec3f {
  return mix(unpack4x8unorm(x[before]).rgb, unpack4x8unorm(x[after]).rgb, behind);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let n = thread / (params.w * params.rows) + params.n_first;
  let sx = source(ox, params.w_in, params.w);
  let sy = source(oy, params.h_in, params.h);
  let x0 = min(u32(sx.x), params.w_in - 1u);
  let x1 = min(x0 + 1u, params.w_in - 1u);
  let y0 = min(u32(sy.x), params.h_in - 1u);
  let y1 = min(y0 + 1u, params.h_in - 1u);
  let row0 = (n * params.h_in + y0) * params.w_in - params.x_base;
  let row1 = (n * params.h_in + y1) * params.w_in - params.x_base;
  var rgb = mix(between(row0 + x0, row0 + x1, sx.y), between(row1 + x0, row1 + x1, sx.y), sy.y);
  if (params.grey != 0u) { rgb = vec3f(dot(rgb, LUMINANCE)); }
  if (params.normalise != 0u) { rgb = rgb * 2.0 - 1.0; }
  y[(n * params.h + oy) * params.w + ox - params.y_base] = Quad(vec4f(rgb, 0.0));
}
