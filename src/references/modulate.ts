import type { ModulatedInput } from "../kernels/modulation";
import { modulatedInput } from "./modulated_input";
import type { Reference } from "./reference";

/** The plain twin of shaders/modulate.wgsl; its contract is that of kernels/modulate.ts. */
export const modulateReference: Reference<ModulatedInput> = (args, inputs) =>
  modulatedInput(args, inputs);
