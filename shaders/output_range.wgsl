// output_range: smallest and largest number of each sample, and how many are NaN or infinite.
//
// Shapes   x (n, 3, h, w) -> y (n, 4): minimum, maximum, count of numbers that are not finite, 0
// Threads  one workgroup per sample: its 256 threads stride along the pixels, then reduce
// Barrier  before each halving: sh_ranges holds what other threads wrote
// Why      f16 that overflowed shows as NaN, infinity or one flat colour. The test is on bits because
//          WGSL lets compilers assume that NaN does not occur.
// Source   GFPGAN issue 483 and LiteRT samples: flat pictures from f16 demodulation
// Twin     src/kernels/output_range.ts

struct Params {
  pixels: u32,
  half: u32,  // of the workgroup. A uniform, so that drivers do not expand the loop that starts from it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;        // (n, 3, h, w)
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;  // (n, 4)

const EXPONENT = 0x7f800000u;

var<workgroup> sh_ranges: array<vec4f, 256>;  // lowest, highest, how many are not finite

fn range_of(v: f32) -> vec4f {
  if ((bitcast<u32>(v) & EXPONENT) == EXPONENT) { return vec4f(3.0e38, -3.0e38, 1.0, 0.0); }
  return vec4f(v, v, 0.0, 0.0);
}

fn join(a: vec4f, b: vec4f) -> vec4f {
  return vec4f(min(a.x, b.x), max(a.y, b.y), a.z + b.z, 0.0);
}

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  var range = vec4f(3.0e38, -3.0e38, 0.0, 0.0);
  for (var i = lane; i < params.pixels; i += 256u) {
    let v = x[group.x * params.pixels + i];
    range = join(range, join(range_of(v.r), join(range_of(v.g), range_of(v.b))));
  }
  sh_ranges[lane] = range;
  for (var step = params.half; step > 0u; step >>= 1u) {
    workgroupBarrier();
    if (lane < step) { sh_ranges[lane] = join(sh_ranges[lane], sh_ranges[lane + step]); }
  }
  if (lane == 0u) { y[group.x] = sh_ranges[0]; }
}
