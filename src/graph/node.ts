import type { AnyKernel, Kernel } from "../kernels/kernel";
import type { Layout } from "../kernels/layout";
import { numel, type Shape } from "../tensor";
import type { Scratch } from "../weights/byte_source";

/**
 * A network is plain data: nodes that point at the nodes they read. Whoever holds the outputs holds
 * the network; compile() finds the order. Shapes are inferred, and checked, as nodes are made.
 */
export type Node = InputNode | WeightNode | OpNode;

/** A tensor that the caller gives at every run. */
export interface InputNode {
  readonly kind: "input";
  readonly name: string;
  readonly shape: Shape;
  readonly layout: Layout;
}

/**
 * Reads a parameter of the checkpoint, scales folded in, in natural order. It must have this shape,
 * sizes of 1 aside. With `scratch` the values may lie in its memory, and are then valid until the next
 * read.
 */
export type ReadParameter = (
  name: string,
  shape: Shape,
  scratch?: Scratch,
) => Promise<Float32Array>;

/** A tensor that is uploaded once. */
export interface WeightNode {
  readonly kind: "weight";
  readonly name: string;
  readonly shape: Shape;
  /** Whether it is the checkpoint's parameter `name` as it is; others are made from parameters. */
  readonly plain: boolean;
  /** Its values in natural order, in consecutive parts of 4 i rows where the whole would take much memory. */
  parts(read: ReadParameter): AsyncIterable<Float32Array>;
}

/** One call of a kernel. */
export interface OpNode {
  readonly kind: "op";
  readonly name: string;
  readonly shape: Shape;
  readonly layout: Layout;
  readonly kernel: AnyKernel;
  /** By binding name; inputs that a call leaves out are absent. */
  readonly inputs: Readonly<Record<string, Node>>;
  /** What the kernel's contract takes: shapes of the inputs, and attributes. */
  readonly args: object;
}

export function input(name: string, shape: Shape, layout: Layout): InputNode {
  return { kind: "input", name, shape, layout };
}

/** A parameter of the checkpoint, reshaped to what its kernel takes. */
export function weight(name: string, shape: Shape): WeightNode {
  const parameter = derived(name, shape, async function* (read) {
    yield await read(name, shape);
  });
  return { ...parameter, plain: true };
}

/** A tensor made from parameters when the model is loaded. */
export function derived(name: string, shape: Shape, parts: WeightNode["parts"]): WeightNode {
  return { kind: "weight", name, shape, plain: false, parts };
}

/** Numbers that depend on the configuration alone, such as tables of offsets. */
export function constant(name: string, shape: Shape, values: readonly number[]): WeightNode {
  if (values.length !== numel(shape))
    throw new RangeError(`node: ${name} has ${values.length} values`);
  return derived(name, shape, async function* () {
    yield Float32Array.from(values);
  });
}

type InputsOf<Args> = {
  [K in keyof Args as NonNullable<Args[K]> extends Shape ? K : never]: Node | undefined;
};
type OptionalInputs<Args> = {
  [K in keyof InputsOf<Args> as undefined extends Args[K] ? K : never]?: Node;
};
type RequiredInputs<Args> = {
  [K in keyof InputsOf<Args> as undefined extends Args[K] ? never : K]: Node;
};
type AttributesOf<Args> = Omit<Args, keyof InputsOf<Args>>;

/** A call of `kernel`; throws ShapeError, with the node's name, if its contract is not met. */
export function op<Args extends object>(
  kernel: Kernel<Args>,
  name: string,
  inputs: RequiredInputs<Args> & OptionalInputs<Args>,
  attributes: AttributesOf<Args>,
): OpNode {
  const given = Object.entries<Node | undefined>(inputs).filter(([, node]) => node);
  const read: Readonly<Record<string, Node>> = Object.fromEntries(given) as Record<string, Node>;
  const args = { ...attributes, ...mapped(read, ({ shape }) => shape) } as Args;
  const node = { kind: "op", name, kernel, inputs: read, args } as const;
  try {
    return { ...node, shape: kernel.outputShape(args), layout: kernel.layouts(args).y };
  } catch (error) {
    (error as Error).message = `${name}: ${(error as Error).message}`;
    throw error;
  }
}

/** The same names for what `make` makes of their nodes. */
export function mapped<Made>(
  nodes: Readonly<Record<string, Node>>,
  make: (node: Node) => Made,
): Record<string, Made> {
  return Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, make(node)]));
}

/** All nodes that the outputs need, each after what it reads; inputs are visited in the order given. */
export function ordered(outputs: readonly Node[]): Node[] {
  const order: Node[] = [];
  const done = new Set<Node>();
  const stack: { node: Node; rest: Node[] }[] = [];
  const visit = (node: Node) => {
    if (done.has(node)) return;
    done.add(node);
    stack.push({ node, rest: node.kind === "op" ? Object.values(node.inputs) : [] });
  };
  for (const output of outputs) {
    visit(output);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const next = top.rest.shift();
      if (next) visit(next);
      else order.push(stack.pop()!.node);
    }
  }
  return order;
}
