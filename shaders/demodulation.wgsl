// demodulation: all styles over their layer's largest magnitude, and all demodulation factors:
// s' = s / M, d = 1 / sqrt(sum s'^2 wsq + 1e-8 / M^2).
//
// Shapes   s (n, m), wsq (q): per output quad and style quad four vec4s, one per output, of the
//          squared weights summed over taps, rows (r / 4, 4) with [first style quad, style quads,
//          first vec4 of wsq, which: 1 for a layer's first quad, 2 if its styles are to stay as they
//          are, 0 for others] -> y (n, m + r): s', then d
// Threads  one workgroup per sample (grid y) and quad of outputs (grid x): its 64 threads stride along
//          the style quads, find the maximum in shared memory, stride again to divide, then add up
//          their sums. A layer's first workgroup keeps what it divides
// Barrier  before each halving, before the maximum is read, and before sums take its place: sh_quads
//          holds what other threads wrote, or still read
// Why      wsq is constant, so demodulation is a matrix-vector product: no weight is touched per image.
//          Demodulation cancels the scale of s exactly, and only divided by M does it fit f16
//          arithmetic: styles of 1000 have been seen in trained models of this family. The epsilon
//          that stands beside the sum becomes 1e-8 / M^2.
// Source   GPEN face_model/gpen_model.py, ModulatedConv2d (demodulate); StyleGAN2-ADA
//          training/networks.py, modulated_conv2d (pre-normalisation for f16)
// Twin     src/kernels/demodulation.ts

struct Params {
  s_quads: u32,
  half: u32,  // of the workgroup. A uniform, so that drivers do not expand the loop that starts from it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> s: array<vec4f>;        // (n, m)
@group(0) @binding(2) var<storage, read> wsq: array<vec4f>;      // (q)
@group(0) @binding(3) var<storage, read> rows: array<vec4f>;     // (r / 4, 4)
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;  // (n, m + r)

var<workgroup> sh_quads: array<vec4f, 64>;

@compute @workgroup_size(64, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = vec4u(rows[group.x]);
  let s_row = group.y * params.s_quads + row.x;
  let y_row = group.y * (params.s_quads + groups.x);
  var largest = vec4f(0);
  for (var i = lane; i < row.y; i += 64u) { largest = max(largest, abs(s[s_row + i])); }
  sh_quads[lane] = largest;
  for (var step = params.half; step > 0u; step >>= 1u) {
    workgroupBarrier();
    if (lane < step) { sh_quads[lane] = max(sh_quads[lane], sh_quads[lane + step]); }
  }
  workgroupBarrier();
  let pair = max(sh_quads[0].xy, sh_quads[0].zw);
  var magnitude = max(pair.x, pair.y);
  if (row.w == 2u || magnitude == 0.0) { magnitude = 1.0; }
  workgroupBarrier();
  var sum = vec4f(0);
  for (var i = lane; i < row.y; i += 64u) {
    let style = s[s_row + i] / magnitude;
    if (row.w > 0u) { y[y_row + row.x + i] = style; }
    let squared = style * style;
    let first = row.z + i * 4u;
    sum += vec4f(
      dot(squared, wsq[first]),
      dot(squared, wsq[first + 1u]),
      dot(squared, wsq[first + 2u]),
      dot(squared, wsq[first + 3u]));
  }
  sh_quads[lane] = sum;
  for (var step = params.half; step > 0u; step >>= 1u) {
    workgroupBarrier();
    if (lane < step) { sh_quads[lane] += sh_quads[lane + step]; }
  }
  if (lane == 0u) {
    y[y_row + params.s_quads + group.x] = inverseSqrt(sh_quads[0] + 1e-8 / (magnitude * magnitude));
  }
}
