/**
 * What a kernel computes, on natural (n, c, h, w) arrays by binding name, as plainly as it can be
 * written. They stand apart from the kernels so that pages which restore never load them.
 */
export type Reference<Args> = (
  args: Args,
  inputs: Readonly<Record<string, Float32Array>>,
) => Float32Array;
