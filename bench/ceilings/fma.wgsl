// fma: y = what CHAINS independent recurrences v = v a + b reach, added up.
//
// Shapes   x (8): a in four lanes, b in four lanes -> y (threads, 4)
// Threads  one per vec4 of y; workgroup 64
// Why      nothing but multiply-adds in registers: what the adapter can do at most. One chain would
//          wait for its own result; too many would not fit the registers
// Twin     bench/ceilings/kernels.ts

// prelude
const CHAINS = 8u;
// end of prelude

struct Params {
  rounds: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;        // (8)
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;  // (threads, 4)

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = x[0];
  let b = x[1];
  var acc: array<vec4f, CHAINS>;
  for (var c = 0u; c < CHAINS; c++) { // unroll
    acc[c] = vec4f(f32(id.x % 7u), 1.0, 2.0, 3.0) + f32(c);
  }
  for (var i = 0u; i < params.rounds; i++) {
    for (var j = 0u; j < 16u; j++) { // unroll
      for (var c = 0u; c < CHAINS; c++) { // unroll
        acc[c] = fma(acc[c], a, b);
      }
    }
  }
  var sum = vec4f(0);
  for (var c = 0u; c < CHAINS; c++) { // unroll
    sum += acc[c];
  }
  y[id.x] = sum;
}
