// demodulation: the factors of all demodulated layers: d = 1 / sqrt(sum s^2 wsq + 1e-8 / magnitude^2).
//
// Shapes   s (n, m + l) from style_normalise, wsq (q): per output quad and style quad four vec4s, one
//          per output, of the squared weights summed over taps, rows (r / 4, 4) with
//          [first style quad, style quads, first vec4 of wsq, layer] -> y (n, r)
// Threads  one workgroup per sample (grid y) and quad of outputs (grid x): its 64 threads stride along
//          the style quads, then add up their sums in shared memory
// Barrier  before each halving: sh_sums holds what other threads wrote
// Why      wsq is constant, so demodulation is a matrix-vector product: no weight is touched per image.
//          With s over its magnitude M, the epsilon that stands beside the sum becomes 1e-8 / M^2.
// Source   GPEN face_model/gpen_model.py, ModulatedConv2d (demodulate)
// Twin     src/kernels/demodulation.ts

struct Params {
  s_quads: u32,
  style_quads: u32,
  d_quads: u32,
  half: u32,  // of the workgroup. A uniform, so that drivers do not expand the loop that starts from it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> s: array<vec4f>;        // (n, m + l)
@group(0) @binding(2) var<storage, read> wsq: array<vec4f>;      // (q)
@group(0) @binding(3) var<storage, read> rows: array<vec4f>;     // (r / 4, 4)
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;  // (n, r)

var<workgroup> sh_sums: array<vec4f, 64>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = vec4u(rows[group.x]);
  let s_row = group.y * params.s_quads;
  var sum = vec4f(0);
  for (var i = lane; i < row.y; i += 64u) {
    let style = s[s_row + row.x + i];
    let squared = style * style;
    let first = row.z + i * 4u;
    sum += vec4f(
      dot(squared, wsq[first]),
      dot(squared, wsq[first + 1u]),
      dot(squared, wsq[first + 2u]),
      dot(squared, wsq[first + 3u]));
  }
  sh_sums[lane] = sum;
  for (var step = params.half; step > 0u; step >>= 1u) {
    workgroupBarrier();
    if (lane < step) { sh_sums[lane] += sh_sums[lane + step]; }
  }
  if (lane == 0u) {
    let magnitude = s[s_row + params.style_quads + row.w / 4u][row.w % 4u];
    y[group.y * params.d_quads + group.x] = inverseSqrt(sh_sums[0] + 1e-8 / (magnitude * magnitude));
  }
}
