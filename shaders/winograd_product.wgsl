// winograd_product: y[p] = w[p] x[p] for each of the 36 positions p of the transformed tiles, for adapters with subgroups.
//
// Shapes   x (n, 36 * c_in, tile rows, tile columns), w (36 * c_out, c_in) in the order of its layout
//          -> y (n, 36 * c_out, tile rows, tile columns); c_in and c_out in whole quads
// Threads  one per RUN tiles, `columns` apart, of LOADS * LOADED output quads of one position. A subgroup's
//          threads hold neighbouring tiles of the same quads. Subgroups: chunks of tiles fastest, then
//          blocks of quads; positions along z
// Why      each of 4 LOADED neighbouring threads loads another vec4 of the weights and all receive it by
//          broadcast, so that one load serves as many times more multiply-adds
// Source   Lavin and Gray, arXiv 1509.09308, equation 12
// Twin     src/kernels/winograd_product.ts

enable subgroups;

// prelude
alias Quad = vec4f;
const LOADED = 1u;
const LOADS = 2u;
const RUN = 2u;
// end of prelude

struct Params {
  lanes: u32,       // of a subgroup
  chunks: u32,      // subgroups that cover the tiles
  tiles: u32,       // of the band, over all its samples
  columns: u32,     // threads: tiles of one thread lie so far apart
  row_first: u32,   // rows of tiles, counted over samples
  tiles_x: u32,     // tiles side by side
  c_out_quads: u32,
  c_in_quads: u32,
  x_base: u32,
  y_base: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Quad>;        // (n, 36 c_in, tile rows, tile columns)
@group(0) @binding(2) var<storage, read> w: array<Quad>;        // (36 c_out, c_in)
@group(0) @binding(3) var<storage, read_write> y: array<Quad>;  // (n, 36 c_out, tile rows, tile columns)

const QUADS = LOADS * LOADED;
const COUNT = QUADS * RUN;

@compute @workgroup_size(64, 1, 1)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
) {
  // No thread returns early: those beyond the last tile take part in the broadcasts.
  let position = group.z;
  let lane = id.x % params.lanes;
  let chunk = id.x / params.lanes;
  let first_tile = chunk % params.chunks * params.lanes + lane;
  let first_quad = chunk / params.chunks * QUADS;
  let lane_quad = first_quad + lane / 4u % LOADED;
  var start: array<u32, RUN>;
  for (var p = 0u; p < RUN; p++) { // unroll
    let tile = min(first_tile + p * params.columns, params.tiles - 1u);
    let row = (params.row_first + tile / params.tiles_x) * 36u + position;
    start[p] = row * params.c_in_quads * params.tiles_x + tile % params.tiles_x - params.x_base;
  }
  var weight: array<u32, LOADS>;
  for (var l = 0u; l < LOADS; l++) { // unroll
    let quad = min(lane_quad + l * LOADED, params.c_out_quads - 1u);
    weight[l] = (position * params.c_out_quads + quad) * params.c_in_quads * 4u + lane % 4u;
  }

  var acc: array<vec4f, COUNT>;
  for (var iq = 0u; iq < params.c_in_quads; iq++) {
    var v: array<vec4f, RUN>;
    for (var p = 0u; p < RUN; p++) { // unroll
      v[p] = vec4f(x[start[p] + iq * params.tiles_x]);
    }
    for (var l = 0u; l < LOADS; l++) { // unroll
      let mine = vec4f(w[weight[l] + iq * 4u]);
      for (var q = 0u; q < LOADED; q++) { // unroll
        let w0 = subgroupBroadcast(mine, q * 4u);
        let w1 = subgroupBroadcast(mine, q * 4u + 1u);
        let w2 = subgroupBroadcast(mine, q * 4u + 2u);
        let w3 = subgroupBroadcast(mine, q * 4u + 3u);
        for (var p = 0u; p < RUN; p++) { // unroll
          acc[(l * LOADED + q) * RUN + p] = fma(vec4f(v[p].x), w0, fma(vec4f(v[p].y), w1,
            fma(vec4f(v[p].z), w2, fma(vec4f(v[p].w), w3, acc[(l * LOADED + q) * RUN + p]))));
        }
      }
    }
  }

  for (var p = 0u; p < RUN; p++) { // unroll
    let tile = first_tile + p * params.columns;
    let row = (params.row_first + tile / params.tiles_x) * 36u + position;
    let out = (row * params.c_out_quads + first_quad) * params.tiles_x + tile % params.tiles_x - params.y_base;
    for (var q = 0u; q < QUADS; q++) { // unroll
      // Whole blocks: the last tiles of the last thread and quads beyond the last are not stored.
      if (first_tile < params.columns && tile < params.tiles && first_quad + q < params.c_out_quads) {
        y[out + q * params.tiles_x] = Quad(acc[q * RUN + p]);
      }
    }
  }
}
