/** How drivers that compute on the CPU call themselves. Dawn marks them since 2025, older builds do not. */
const SOFTWARE = /llvmpipe|lavapipe|softpipe|swiftshader|microsoft basic render driver|warp/i;

/** A name for people, and whether the adapter computes on the CPU: "llvmpipe (software)". */
export function identify({
  vendor = "",
  architecture = "",
  device,
  description,
  isFallbackAdapter,
}: Partial<GPUAdapterInfo>): { readonly name: string; readonly software: boolean } {
  const maker = `${vendor} ${architecture}`.trim();
  const driver = SOFTWARE.exec(`${maker} ${device} ${description}`)?.[0];
  // Browsers leave out what would tell visitors apart, often all but the vendor.
  const known = driver?.replace("swiftshader", "SwiftShader"); // as an architecture, in small letters
  const name = known ?? (device || description || maker || "unnamed adapter");
  const software = Boolean(driver || isFallbackAdapter);
  return { name: software ? `${name} (software)` : name, software };
}
