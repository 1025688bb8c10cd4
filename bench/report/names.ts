/** "GPEN-256 w.1, w.2, w.3" is "GPEN-256 w.1 and 2 more": layers of one shape are measured once. */
export function shortLayer(layer: string): string {
  const [first, ...others] = layer.split(", ");
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** The output of a call and its weights, without inputs and attributes. */
export function shortShape(shape: string): string {
  const [output, input] = shape.split(", ");
  return input?.startsWith("w ") ? `${output}, ${input}` : output;
}

/** Twelve digits of a commit, and that it had changes if it had. */
export function shortCommit(commit: string): string {
  if (commit === "") return "commit unknown";
  return `commit ${commit.replace(/^([0-9a-f]{12})[0-9a-f]+/, "$1")}`;
}
