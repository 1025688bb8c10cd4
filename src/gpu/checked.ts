import { errorScopes } from "./error_scopes";

/** Runs commands that do not wait, and throws what WebGPU reports of them. */
export async function checked<Result>(
  device: GPUDevice,
  what: string,
  commands: () => Result,
): Promise<Result> {
  const scopes = errorScopes(device);
  const result = scopes.run(commands);
  await scopes.settle(what);
  return result;
}
