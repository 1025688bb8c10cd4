// style_normalise: each demodulated layer's styles over their largest magnitude, which is kept behind.
//
// Shapes   s (n, m), layers (l, 4) rows of [first quad, quads, 1 to normalise or 0, 0]
//          -> y (n, m + l): the styles, then the magnitude of each layer (1 where not normalised)
// Threads  one workgroup per sample (grid y) and layer (grid x): its 64 threads stride along the
//          layer's quads, find the maximum in shared memory, then stride again to divide
// Barrier  before each halving, and before the maximum is read: sh_max holds what others wrote
// Why      demodulation cancels the scale exactly, and only then does s fit f16 arithmetic: styles of
//          1000 have been seen in trained models of this family
// Source   StyleGAN2-ADA training/networks.py, modulated_conv2d (pre-normalisation for f16)
// Twin     src/kernels/style_normalise.ts

struct Params {
  s_quads: u32,
  y_quads: u32,
  half: u32,  // of the workgroup. A uniform, so that drivers do not expand the loop that starts from it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> s: array<vec4f>;       // (n, m)
@group(0) @binding(2) var<storage, read> layers: array<vec4f>;  // (l, 4)
@group(0) @binding(3) var<storage, read_write> y: array<f32>;   // (n, m + l)

var<workgroup> sh_max: array<f32, 64>;

@compute @workgroup_size(64, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let layer = layers[group.x];
  let first = u32(layer.x);
  let count = u32(layer.y);
  let s_row = group.y * params.s_quads;
  var largest = 0.0;
  for (var i = lane; i < count; i += 64u) {
    let v = abs(s[s_row + first + i]);
    largest = max(largest, max(max(v.x, v.y), max(v.z, v.w)));
  }
  sh_max[lane] = largest;
  for (var step = params.half; step > 0u; step >>= 1u) {
    workgroupBarrier();
    if (lane < step) { sh_max[lane] = max(sh_max[lane], sh_max[lane + step]); }
  }
  workgroupBarrier();
  let magnitude = select(1.0, sh_max[0], layer.z == 1.0 && sh_max[0] > 0.0);
  let y_row = group.y * params.y_quads * 4u;
  for (var i = lane; i < count; i += 64u) {
    let v = s[s_row + first + i] / magnitude;
    let to = y_row + (first + i) * 4u;
    y[to] = v.x;
    y[to + 1u] = v.y;
    y[to + 2u] = v.z;
    y[to + 3u] = v.w;
  }
  // The last layer's other lanes fill up the row's last vec4 with zeros.
  let to = params.s_quads * 4u + group.x + lane;
  let fills = group.x + 1u == groups.x && to < params.y_quads * 4u;
  if (lane == 0u || fills) { y[y_row + to] = select(0.0, magnitude, lane == 0u); }
}
