// warp: pixels seen through an affine transform, one picture per transform. Where that shrinks, each
// output is the mean of k x k bilinear samples, spread evenly over what it covers.
//
// Shapes   x (1, 4, h_in, w_in), one u32 a pixel with red lowest, transforms (n, 6): rows [a b c d e f],
//          output (ox, oy) lies at x = a ox + b oy + c, y = d ox + e oy + f -> y (n, 4, h, w), opaque
// Threads  one per output pixel; x fastest, then rows, samples
// Why      k is the transform's scale rounded up, so that samples lie a pixel apart at most: the mean
//          is then over the area. What is transparent is seen over white, as on a page.
// Source   OpenCV warpAffine (bilinear, pixel centres at whole numbers), with the area mean it lacks
// Twin     src/kernels/warp.ts

struct Params {
  threads: u32,
  n_first: u32,
  row_first: u32,
  rows: u32,
  h_in: u32,
  w_in: u32,
  h: u32,
  w: u32,
  mirror: u32,
  outside: u32,
  x_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;             // (1, 4, h_in, w_in)
@group(0) @binding(2) var<storage, read> transforms: array<vec4f>;  // (n, 6)
@group(0) @binding(3) var<storage, read_write> y: array<u32>;       // (n, 4, h, w)

const MOST_SAMPLES = 16.0;  // along a side; beyond, samples lie further apart than a pixel

// Mirrored at the outermost pixels, which are not repeated.
fn mirrored(i: i32, size: u32) -> u32 {
  let last = max(1, i32(size) - 1);
  let period = 2 * last;
  let at = ((i % period) + period) % period;
  return min(u32(select(at, period - at, at > last)), size - 1u);
}

fn pixel(ix: i32, iy: i32) -> vec3f {
  let within = ix >= 0 && iy >= 0 && ix < i32(params.w_in) && iy < i32(params.h_in);
  if (!within && params.mirror == 0u) { return vec3f(f32(params.outside) / 255.0); }
  let at = mirrored(iy, params.h_in) * params.w_in + mirrored(ix, params.w_in);
  let rgba = unpack4x8unorm(x[at - params.x_base]);
  return mix(vec3f(1), rgba.rgb, rgba.a);
}

fn bilinear(p: vec2f) -> vec3f {
  let first = floor(p);
  let t = p - first;
  let ix = i32(first.x);
  let iy = i32(first.y);
  let above = mix(pixel(ix, iy), pixel(ix + 1, iy), t.x);
  let below = mix(pixel(ix, iy + 1), pixel(ix + 1, iy + 1), t.x);
  return mix(above, below, t.y);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = id.y * groups.x * 64u + id.x;
  if (thread >= params.threads) { return; }
  let ox = thread % params.w;
  let oy = thread / params.w % params.rows + params.row_first;
  let n = thread / (params.w * params.rows) + params.n_first;
  let abcd = transforms[2u * n];
  let ef = transforms[2u * n + 1u].xy;
  let scale = sqrt(abs(abcd.x * ef.x - abcd.y * abcd.w));
  // A thousandth less, so that rounding does not make 3 samples of a scale of 2.
  let k = clamp(ceil(scale - 1e-3), 1.0, MOST_SAMPLES);
  var sum = vec3f(0);
  for (var i = 0.0; i < k * k; i += 1.0) {
    let sub = (vec2f(i - k * floor(i / k), floor(i / k)) + 0.5) / k - 0.5;
    let o = vec2f(f32(ox), f32(oy)) + sub;
    sum += bilinear(vec2f(dot(abcd.xy, o) + abcd.z, dot(vec2f(abcd.w, ef.x), o) + ef.y));
  }
  let levels = vec3u(clamp(sum / (k * k), vec3f(0), vec3f(1)) * 255.0 + 0.5);
  y[(n * params.h + oy) * params.w + ox - params.y_base] =
    levels.r | (levels.g << 8u) | (levels.b << 16u) | 0xff000000u;
}
