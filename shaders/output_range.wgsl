// output_range: smallest and largest number of each sample, and how many are NaN or infinite.
//
// Shapes   x (n, 3, h, w) -> y (n, 4): minimum, maximum, count of numbers that are not finite, 0
// Threads  one workgroup per sample: its 256 threads stride along the pixels, then reduce
// Barrier  before each halving: sh_low, sh_high and sh_bad hold what other threads wrote
// Why      f16 that overflowed shows as NaN, infinity or one flat colour. The test is on bits because
//          WGSL lets compilers assume that NaN does not occur.
// Source   GFPGAN issue 483 and LiteRT samples: flat pictures from f16 demodulation
// Twin     src/kernels/output_range.ts

struct Params {
  pixels: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;        // (n, 3, h, w)
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;  // (n, 4)

const EXPONENT = vec3u(0x7f800000u);

var<workgroup> sh_low: array<f32, 256>;
var<workgroup> sh_high: array<f32, 256>;
var<workgroup> sh_bad: array<u32, 256>;

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  var low = 3.0e38;
  var high = -3.0e38;
  var bad = 0u;
  for (var i = lane; i < params.pixels; i += 256u) {
    let v = x[group.x * params.pixels + i].rgb;
    let finite = (bitcast<vec3u>(v) & EXPONENT) != EXPONENT;
    bad += dot(vec3u(1u), select(vec3u(1u), vec3u(0u), finite));
    let lows = select(vec3f(3.0e38), v, finite);
    let highs = select(vec3f(-3.0e38), v, finite);
    low = min(low, min(lows.x, min(lows.y, lows.z)));
    high = max(high, max(highs.x, max(highs.y, highs.z)));
  }
  sh_low[lane] = low;
  sh_high[lane] = high;
  sh_bad[lane] = bad;
  for (var step = 128u; step > 0u; step >>= 1u) {
    workgroupBarrier();
    if (lane < step) {
      sh_low[lane] = min(sh_low[lane], sh_low[lane + step]);
      sh_high[lane] = max(sh_high[lane], sh_high[lane + step]);
      sh_bad[lane] += sh_bad[lane + step];
    }
  }
  if (lane == 0u) { y[group.x] = vec4f(sh_low[0], sh_high[0], f32(sh_bad[0]), 0.0); }
}
