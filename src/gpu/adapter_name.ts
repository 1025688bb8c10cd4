/** Whether an adapter computes on the CPU. Dawn says so since 2025; the names cover older builds. */
export function isSoftware(info: Partial<GPUAdapterInfo>): boolean {
  const text = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return (
    info.isFallbackAdapter === true ||
    /llvmpipe|lavapipe|softpipe|swiftshader|basic render|warp/i.test(text)
  );
}

/** A name for people; a software adapter says so: "llvmpipe (software)". */
export function adapterName(info: Partial<GPUAdapterInfo>): string {
  const text = `${info.architecture} ${info.device} ${info.description}`;
  const known = /llvmpipe|swiftshader/i.exec(text)?.[0].toLowerCase();
  if (known) return `${known === "swiftshader" ? "SwiftShader" : known} (software)`;
  // Browsers leave out what would tell visitors apart, often all but the vendor.
  const own =
    info.device || info.description || `${info.vendor ?? ""} ${info.architecture ?? ""}`.trim();
  return `${own || "unnamed adapter"}${isSoftware(info) ? " (software)" : ""}`;
}
