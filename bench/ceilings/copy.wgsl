// copy: y = x; count is a multiple of 64 EACH.
//
// Shapes   x (count, 4) -> y (count, 4)
// Threads  workgroups of 64, each owning 64 EACH neighbouring vec4s; neighbours in a row take
//          neighbouring ones
// Twin     bench/ceilings/kernels.ts

// prelude
const EACH = 1u;
// end of prelude

struct Params {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;        // (count, 4)
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;  // (count, 4)

@compute @workgroup_size(64, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let first = (group.y * groups.x + group.x) * 64u * EACH;
  if (first >= params.count) { return; }
  for (var i = 0u; i < EACH; i++) { // unroll
    y[first + i * 64u + t] = x[first + i * 64u + t];
  }
}
