// paste: restored faces in their photo, each through its transform and under its mask.
//
// Shapes   x (1, 4, h, w) the photo, one u32 a pixel with red lowest, pixels (1, 4, 1, p) of all faces
//          one after another, faces (m, 16), blend (2) [strength, 1 to keep the photo's colour or 0]
//          -> y (1, 4, h, w)
// Threads  one per pixel; x fastest, then rows
// Why      a face's row is [a b c d e f width height first cx cy 1/rx 1/ry shown 0 0]: pixel (px, py)
//          of the photo lies in the face at u = a px + b py + c, v = d px + e py + f. The mask is 1
//          inside 0.7 of the ellipse around (cx, cy) and falls to 0 at its edge. Where faces overlap,
//          the larger mask counts, at equal ones the earlier face. Without a mask y is x, bit for bit.
// Source   GPEN face_enhancement.py: inverse warp, masks, order; README --alpha (strength)
// Twin     src/kernels/paste.ts

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  h: u32,
  w: u32,
  faces: u32,
  x_base: u32,
  pixels_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;        // (1, 4, h, w)
@group(0) @binding(2) var<storage, read> pixels: array<u32>;   // (1, 4, 1, p)
@group(0) @binding(3) var<storage, read> faces: array<vec4f>;  // (m, 16)
@group(0) @binding(4) var<storage, read> blend: array<vec4f>;  // (2)
@group(0) @binding(5) var<storage, read_write> y: array<u32>;  // (1, 4, h, w)

const INNER = 0.7;
const MOST_SAMPLES = 4.0;  // along a side; faces that shrink more are shrunk beforehand
const LUMINANCE = vec3f(0.299, 0.587, 0.114);  // BT.601

fn masked(uv: vec2f, centre: vec2f, over_radii: vec2f) -> f32 {
  return 1.0 - smoothstep(INNER, 1.0, length((uv - centre) * over_radii));
}

fn bilinear(p: vec2f, first: u32, size: vec2f) -> vec3f {
  let at = clamp(p, vec2f(0), size - 1.0);
  let low = floor(at);
  let high = vec2u(min(low + 1.0, size - 1.0));
  let t = at - low;
  let w = u32(size.x);
  let row0 = first + u32(low.y) * w - params.pixels_base;
  let row1 = first + high.y * w - params.pixels_base;
  let above = mix(unpack4x8unorm(pixels[row0 + u32(low.x)]), unpack4x8unorm(pixels[row0 + high.x]), t.x);
  let below = mix(unpack4x8unorm(pixels[row1 + u32(low.x)]), unpack4x8unorm(pixels[row1 + high.x]), t.x);
  return mix(above, below, t.y).rgb;
}

// The face at a pixel of the photo: the mean of k x k samples where the face shrinks.
fn face_at(p: vec2f, row: u32) -> vec3f {
  let abcd = faces[row];
  let efwh = faces[row + 1u];
  let scale = sqrt(abs(abcd.x * efwh.x - abcd.y * abcd.w));
  let k = clamp(ceil(scale - 1e-3), 1.0, MOST_SAMPLES);
  var sum = vec3f(0);
  for (var i = 0.0; i < k * k; i += 1.0) {
    let q = p + (vec2f(i - k * floor(i / k), floor(i / k)) + 0.5) / k - 0.5;
    let uv = vec2f(dot(abcd.xy, q) + abcd.z, dot(vec2f(abcd.w, efwh.x), q) + efwh.y);
    sum += bilinear(uv, u32(faces[row + 2u].x), efwh.zw);
  }
  return sum / (k * k);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let n = thread / (params.w * params.rows) + params.n_first;
  let at = (n * params.h + oy) * params.w + ox;
  let p = vec2f(f32(ox), f32(oy));
  let packed = x[at - params.x_base];
  var mask = 0.0;
  var row = 0u;
  for (var i = 0u; i < params.faces; i++) {
    let abcd = faces[4u * i];
    let ef = faces[4u * i + 1u].xy;
    let geometry = faces[4u * i + 2u];
    let last = faces[4u * i + 3u];
    let uv = vec2f(dot(abcd.xy, p) + abcd.z, dot(vec2f(abcd.w, ef.x), p) + ef.y);
    let own = last.y * masked(uv, geometry.yz, vec2f(geometry.w, last.x));
    if (own > mask) {
      mask = own;
      row = 4u * i;
    }
  }
  var levels = packed;
  if (mask > 0.0) {
    let before = unpack4x8unorm(packed);
    var rgb = face_at(p, row);
    rgb = mix(rgb, before.rgb + dot(rgb - before.rgb, LUMINANCE), blend[0].y);
    // What is transparent in the photo stays so, and gets as much less of the face.
    rgb = mix(before.rgb, rgb, blend[0].x * mask * before.a);
    let whole = vec3u(clamp(rgb, vec3f(0), vec3f(1)) * 255.0 + 0.5);
    levels = whole.r | (whole.g << 8u) | (whole.b << 16u) | (packed & 0xff000000u);
  }
  y[at - params.y_base] = levels;
}
