import type { Gpu } from "../gpu/open";
import { compile } from "../graph/compile";
import type { Technique } from "../graph/lower";
import { input, type Node, type OpNode, weight } from "../graph/node";
import type { Program } from "../graph/program";
import type { Layout, Precision } from "../kernels/layout";
import { type RandomInput, randomInput } from "./random_input";

/** A way to compute a call; the readable kernel where there is no technique. */
export interface Candidate {
  readonly name: string;
  readonly technique?: Technique;
}

/** What came of a candidate. */
export interface Trial {
  readonly name: string;
  /** Milliseconds of one call, where it was right and was timed. */
  readonly ms?: number;
  /** Largest difference from the reference over the largest value. */
  readonly error?: number;
  /** Why it may not be used. */
  readonly refused?: string;
}

/** A call on random inputs, and each candidate's way to compute it. */
export interface Contest {
  readonly node: OpNode;
  readonly random: Readonly<Record<string, RandomInput>>;
  readonly entries: readonly Entry[];
  /** Candidates that cannot even be planned. */
  readonly refused: readonly Trial[];
}

export interface Entry {
  readonly name: string;
  readonly y: Node;
  /** The program of this candidate by itself. */
  readonly alone: Program;
}

/** Plans a call's candidates; needs of the GPU no more than its limits. */
export async function contest(
  { limits }: Pick<Gpu, "limits">,
  node: OpNode,
  candidates: readonly Candidate[],
  precision: Precision,
): Promise<Contest> {
  const layouts: Readonly<Record<string, Layout>> = node.kernel.layouts(node.args);
  const random: Record<string, RandomInput> = {};
  const inputs: Record<string, Node> = {};
  for (const [i, [name, { kind, shape }]] of Object.entries(node.inputs).entries()) {
    random[name] = randomInput(shape, layouts[name], i);
    // Techniques may derive weights of their own from weights, as when a model is loaded.
    inputs[name] = kind === "weight" ? weight(name, shape) : input(name, shape, layouts[name]);
  }
  const call: OpNode = { ...node, inputs };
  const entries: Entry[] = [];
  const refused: Trial[] = [];
  for (const { name, technique } of candidates) {
    try {
      const y = technique ? technique.replace(call, inputs) : call;
      entries.push({ name, y, alone: await compile({ y }, { precision, limits }) });
    } catch (error) {
      refused.push({ name, refused: firstLine(error) });
    }
  }
  return { node: call, random, entries, refused };
}

export function firstLine(error: unknown): string {
  return (error as Error).message.split("\n")[0];
}
