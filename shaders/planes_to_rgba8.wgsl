// planes_to_rgba8: the network's output as pixels, blended with the picture that went in.
//
// Shapes   x (n, 3, h, w) restored, photo (n, 3, h, w) what went in, blend (2) [strength, 1 to keep the
//          photo's luminance or 0] -> y (n, 4, h, w), one u32 a pixel with red lowest, opaque
// Threads  one per pixel; x fastest, then rows, samples
// Why      replacing Y and keeping U and V adds the difference of luminance to all of RGB. Rounding
//          is to the nearest level, after clamping; the PyTorch demo truncates (half a level darker).
// Source   GPEN face_colorization.py (luminance), BT.601 weights; README --alpha (strength)
// Twin     src/kernels/planes_to_rgba8.ts

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
  x_base: u32,
  photo_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;      // (n, 3, h, w)
@group(0) @binding(2) var<storage, read> photo: array<Quad>;   // (n, 3, h, w)
@group(0) @binding(3) var<storage, read> blend: array<vec4f>;  // (2)
@group(0) @binding(4) var<storage, read_write> y: array<u32>;  // (n, 4, h, w)

const LUMINANCE = vec3f(0.299, 0.587, 0.114);

fn unit(v: vec3f) -> vec3f {
  return clamp(select(v, v * 0.5 + 0.5, params.normalise != 0u), vec3f(0), vec3f(1));
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let n = thread / (params.w * params.rows) + params.n_first;
  let at = (n * params.h + oy) * params.w + ox;
  let before = unit(vec4f(photo[at - params.photo_base]).rgb);
  var rgb = unit(x[at - params.x_base].rgb);
  rgb += blend[0].y * dot(before - rgb, LUMINANCE);
  rgb = clamp(mix(before, rgb, blend[0].x), vec3f(0), vec3f(1));
  let levels = vec3u(rgb * 255.0 + 0.5);
  y[at - params.y_base] = levels.r | (levels.g << 8u) | (levels.b << 16u) | 0xff000000u;
}
