import type { Gpu } from "../gpu/open";
import type { Technique } from "../graph/lower";
import { type Node, type OpNode, ordered } from "../graph/node";
import { wgslOf } from "../kernels/kernel";
import type { Precision } from "../kernels/layout";
import { numel } from "../tensor";
import { crc32 } from "../weights/crc32";
import { type Candidate, type Contest, contest } from "./contest";
import { chooseFor } from "./techniques";

/** The name of a call's own kernel among the candidates. */
export const READABLE = "readable";

/** A distinct call and all ways to compute it, the default first. */
export interface Plan {
  readonly call: string;
  readonly names: readonly string[];
  readonly macs: number;
  readonly candidates: readonly Candidate[];
  readonly contest: Contest;
  /** Under which its choice is kept, and for which state of the candidates. */
  readonly key: string;
  readonly version: string;
}

/** The distinct calls of a network that there is a choice for, the one with the most work first. */
export async function plansOf(
  gpu: Gpu,
  outputs: Readonly<Record<string, Node>>,
  techniques: readonly Technique[],
  precision: Precision,
): Promise<Plan[]> {
  const byCall = new Map<string, OpNode[]>();
  for (const node of ordered(Object.values(outputs))) {
    // Others than images are small, and some of their inputs are tables, not numbers.
    if (node.kind !== "op" || node.shape.length !== 4 || !node.kernel.inputRows) continue;
    byCall.set(callOf(node), [...(byCall.get(callOf(node)) ?? []), node]);
  }
  const making = [...byCall].map(async ([call, nodes]): Promise<Plan> => {
    const [node] = nodes;
    const all = candidatesOf(gpu, node, techniques);
    const held = await contest(gpu, node, all, precision);
    return {
      call,
      names: nodes.map(({ name }) => name),
      macs: node.kernel.macs?.(node.args) ?? numel(node.shape),
      candidates: all,
      contest: held,
      key: `${precision} ${call}`,
      version: await versionOf(held),
    };
  });
  const plans = await Promise.all(making);
  return plans
    .filter(({ candidates }) => candidates.length > 1)
    .sort((a, b) => b.macs * b.names.length - a.macs * a.names.length);
}

/** A call by kernel and arguments; where in shared vectors a layer's part starts makes no difference. */
export function callOf({ kernel, args }: OpNode): string {
  const telling = Object.entries(args).filter(([name]) => !/^[sd]First$/.test(name));
  return `${kernel.name} ${JSON.stringify(Object.fromEntries(telling))}`;
}

function candidatesOf(gpu: Gpu, node: OpNode, techniques: readonly Technique[]): Candidate[] {
  const readable: Candidate = { name: READABLE };
  const suited = techniques
    .filter((technique) => technique.suits(node))
    .map((technique): Candidate => ({ name: technique.name, technique }));
  const all = [...suited, readable];
  const untuned = chooseFor(gpu)(node)?.name;
  const usual = all.find(({ name }) => name === untuned) ?? readable;
  return [usual, ...all.filter((candidate) => candidate !== usual)];
}

/** Changes whenever a candidate, one of its shaders or how it is dispatched does. */
async function versionOf({ entries }: Contest): Promise<string> {
  const parts: unknown[] = [];
  for (const { name, alone } of entries) {
    parts.push(name);
    for (const {
      kernel,
      dispatch: { prelude, overrides, workgroups },
    } of alone.steps) {
      parts.push([kernel.name, checksum(await wgslOf(kernel)), prelude, overrides, workgroups]);
    }
  }
  return checksum(JSON.stringify(parts));
}

function checksum(text: string): string {
  return crc32(new TextEncoder().encode(text)).toString(16);
}
