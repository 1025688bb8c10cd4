// rgba8_to_planes: y = rgb / 127.5 - 1 (or rgb / 255), pixels to what the network takes; alpha is left
// out. Colorization takes the luminance in place of all three.
//
// Shapes   x (n, 4, h, w), one u32 a pixel with red lowest -> y (n, 3, h, w)
// Threads  one per pixel; x fastest, then rows, samples
// Source   GPEN face_model/face_gan.py: (img / 255 - 0.5) / 0.5; face_colorization.py
// Twin     src/kernels/rgba8_to_planes.ts

// prelude
alias Quad = vec4f;
// end of prelude

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  h: u32,
  w: u32,
  normalise: u32,
  grey: u32,
  x_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;         // (n, 4, h, w)
@group(0) @binding(2) var<storage, read_write> y: array<Quad>;  // (n, 3, h, w)

const LUMINANCE = vec3f(0.299, 0.587, 0.114);  // BT.601

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let n = thread / (params.w * params.rows) + params.n_first;
  let at = (n * params.h + oy) * params.w + ox;
  var rgb = unpack4x8unorm(x[at - params.x_base]).rgb;
  if (params.grey != 0u) { rgb = vec3f(dot(rgb, LUMINANCE)); }
  if (params.normalise != 0u) { rgb = rgb * 2.0 - 1.0; }
  y[at - params.y_base] = Quad(vec4f(rgb, 0.0));
}
