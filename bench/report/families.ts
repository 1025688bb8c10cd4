/** Kernels that do one kind of work share a colour, however many variants there are of them. */
export interface Family {
  readonly name: string;
  /** CSS custom property of page.css. */
  readonly color: string;
}

const FAMILIES: readonly (Family & { readonly kernels: RegExp })[] = [
  { name: "Winograd", color: "--winograd", kernels: /winograd/ },
  { name: "convolution from tiles", color: "--tile", kernels: /conv_tile/ },
  { name: "convolution by broadcast", color: "--broadcast", kernels: /conv_broadcast/ },
  { name: "3×3 upsampling", color: "--upconv", kernels: /upconv/ },
  { name: "3×3 modulated", color: "--modulated", kernels: /^modulated_conv/ },
  { name: "encoder convolution", color: "--encoder", kernels: /^conv/ },
  { name: "FIR filter", color: "--fir", kernels: /^fir/ },
  { name: "to RGB", color: "--rgb", kernels: /rgb$/ },
  {
    name: "styles and dense layers",
    color: "--styles",
    kernels: /style|^linear|demodulation|pixel_norm|mix_latents|flatten/,
  },
];

const REST: Family = { name: "pictures, element-wise", color: "--rest" };

/** Family of a kernel by its name; kernels that nobody listed are "the rest". */
export function family(kernel: string): Family {
  return FAMILIES.find(({ kernels }) => kernels.test(kernel)) ?? REST;
}

/** Families of the given kernels, in the order of the legend. */
export function families(kernels: readonly string[]): Family[] {
  const present = new Set(kernels.map((kernel) => family(kernel).name));
  return [...FAMILIES, REST].filter(({ name }) => present.has(name));
}
