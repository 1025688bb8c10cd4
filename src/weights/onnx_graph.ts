import { WeightsError } from "../errors";
import { newBudget, UNKNOWN } from "./onnx_constant";
import { describe, type OnnxFile, type OnnxNode } from "./onnx_file";
import { fold } from "./onnx_fold";
import { apply } from "./onnx_ops";
import { type Edge, type Flow, flow } from "./onnx_signal";
import { quote } from "./quote";

const RANDOM = ["RandomNormal", "RandomNormalLike"];

/**
 * What flows out of the graph: every node is read once, in the file's order, as what it means for
 * a GPEN. Constants are folded on the way, so that no exporter's way of writing a shape matters.
 *
 * Errors    WeightsError if a node reads what nothing before it computes, or if there is no output
 */
export async function outputOf(file: OnnxFile): Promise<Flow> {
  const edges = new Map<string, Edge>(file.initializers);
  const budget = newBudget();
  for (const name of file.inputs) {
    const node: OnnxNode = {
      op: "input",
      name,
      inputs: [],
      outputs: [name],
      attributes: new Map(),
    };
    if (!edges.has(name)) edges.set(name, flow({ is: "input", node }));
  }
  for (const node of file.nodes) {
    const inputs = node.inputs.map((name) => (name === "" ? null : find(edges, name, node)));
    const isConstant = inputs.every((edge) => edge?.kind !== "flow");
    let edge: Edge;
    if (RANDOM.includes(node.op)) edge = flow({ is: "random", node });
    else if (node.op === "Shape" && !isConstant) edge = UNKNOWN;
    else if (isConstant) {
      const constants = inputs.map((input) => (input?.kind === "constant" ? input : null));
      edge = await fold(node, constants, budget);
    } else edge = await apply(node, inputs, budget);
    for (const output of node.outputs) edges.set(output, edge);
  }
  const output = edges.get(file.outputs[0] ?? "");
  if (output?.kind !== "flow") {
    throw new WeightsError(
      `onnx: the output ${quote(file.outputs[0] ?? "")} does not depend on a picture; this is no GPEN`,
    );
  }
  return output;
}

function find(edges: ReadonlyMap<string, Edge>, name: string, node: OnnxNode): Edge {
  const edge = edges.get(name);
  if (!edge) {
    throw new WeightsError(
      `onnx: ${describe(node)} reads ${quote(name)}, which nothing before it computes; the file is damaged`,
    );
  }
  return edge;
}
