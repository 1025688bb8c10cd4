// matmul: y = a b, plainly tiled; m, k and n are multiples of 64.
//
// Shapes   a (m, k), b (k, n) -> y (m, n)
// Threads  16 x 16 per tile of 64 x 64 of y, each owning 4 rows of one vec4 of columns
// Barrier  the first lets nobody read a tile before it is staged, the second lets nobody overwrite
//          one that is still read
// Twin     bench/ceilings/kernels.ts

struct Params {
  k: u32,
  n_quads: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;        // (m, k)
@group(0) @binding(2) var<storage, read> b: array<vec4f>;        // (k, n)
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;  // (m, n)

const ROWS = 4u;
const DEPTH = 16u;

var<workgroup> sh_a: array<f32, 1024>;   // (16 of k, 64 rows)
var<workgroup> sh_b: array<vec4f, 256>;  // (16 of k, 16 quads)

@compute @workgroup_size(16, 16, 1)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let first_row = group.y * 64u;
  let first_quad = group.x * 16u;
  var acc: array<vec4f, ROWS>;
  for (var k = 0u; k < params.k; k += DEPTH) {
    let v = a[(first_row + t / 4u) * params.k / 4u + k / 4u + t % 4u];
    let at = t % 4u * 256u + t / 4u;
    sh_a[at] = v.x;
    sh_a[at + 64u] = v.y;
    sh_a[at + 128u] = v.z;
    sh_a[at + 192u] = v.w;
    sh_b[t] = b[(k + t / 16u) * params.n_quads + first_quad + t % 16u];
    workgroupBarrier();
    for (var d = 0u; d < DEPTH; d++) { // unroll
      let w = sh_b[d * 16u + local.x];
      for (var r = 0u; r < ROWS; r++) { // unroll
        acc[r] = fma(vec4f(sh_a[d * 64u + local.y * ROWS + r]), w, acc[r]);
      }
    }
    workgroupBarrier();
  }
  for (var r = 0u; r < ROWS; r++) { // unroll
    y[(first_row + local.y * ROWS + r) * params.n_quads + first_quad + local.x] = acc[r];
  }
}
