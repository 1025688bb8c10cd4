// matmul_direct: y = a b, tiles in registers only; m is a multiple of 8, k of 4, n of 256.
//
// Shapes   a (m, k), b (k, n) -> y (m, n)
// Threads  64 per workgroup, each owning 8 rows of one vec4 of columns; the rows are the workgroup's,
//          so that a is loaded once for all its threads
// Why      software adapters have caches but no fast workgroup memory: 4.5 GFLOP/s instead of 1.9 on
//          lavapipe (3.7 with 4 rows of two vec4s, 2.1 with the columns the workgroup's)
// Twin     bench/ceilings/kernels.ts

struct Params {
  k_quads: u32,
  n_quads: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;        // (m, k)
@group(0) @binding(2) var<storage, read> b: array<vec4f>;        // (k, n)
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;  // (m, n)

const ROWS = 8u;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let row = group.y * ROWS;
  var acc: array<vec4f, ROWS>;
  for (var kq = 0u; kq < params.k_quads; kq++) {
    let w0 = b[kq * 4u * params.n_quads + id.x];
    let w1 = b[(kq * 4u + 1u) * params.n_quads + id.x];
    let w2 = b[(kq * 4u + 2u) * params.n_quads + id.x];
    let w3 = b[(kq * 4u + 3u) * params.n_quads + id.x];
    for (var r = 0u; r < ROWS; r++) { // unroll
      let v = a[(row + r) * params.k_quads + kq];
      acc[r] = fma(vec4f(v.x), w0, fma(vec4f(v.y), w1, fma(vec4f(v.z), w2, fma(vec4f(v.w), w3, acc[r]))));
    }
  }
  for (var r = 0u; r < ROWS; r++) { // unroll
    y[(row + r) * params.n_quads + id.x] = acc[r];
  }
}
