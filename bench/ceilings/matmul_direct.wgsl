// matmul_direct: y = a b, tiles in registers only; m is a multiple of 32, k of 4, n of 64.
//
// Shapes   a (m, k), b (k, n) -> y (m, n)
// Threads  8 x 8, each owning 4 rows of 2 neighbouring vec4s of columns
// Why      software adapters have caches but no fast workgroup memory: there this is the faster one
// Twin     bench/ceilings/kernels.ts

struct Params {
  k_quads: u32,
  n_quads: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;        // (m, k)
@group(0) @binding(2) var<storage, read> b: array<vec4f>;        // (k, n)
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;  // (m, n)

const ROWS = 4u;
const QUADS = 2u;

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * ROWS;
  let quad = id.x * QUADS;
  var acc: array<vec4f, 8>;
  for (var kq = 0u; kq < params.k_quads; kq++) {
    var v: array<vec4f, ROWS>;
    for (var r = 0u; r < ROWS; r++) { // unroll
      v[r] = a[(row + r) * params.k_quads + kq];
    }
    for (var d = 0u; d < 4u; d++) { // unroll
      for (var q = 0u; q < QUADS; q++) { // unroll
        let w = b[(kq * 4u + d) * params.n_quads + quad + q];
        for (var r = 0u; r < ROWS; r++) { // unroll
          acc[r * QUADS + q] = fma(vec4f(v[r][d]), w, acc[r * QUADS + q]);
        }
      }
    }
  }
  for (var r = 0u; r < ROWS; r++) { // unroll
    for (var q = 0u; q < QUADS; q++) { // unroll
      y[(row + r) * params.n_quads + quad + q] = acc[r * QUADS + q];
    }
  }
}
