import type { Gpu } from "../../src/gpu/open";
import type { Environment } from "../result";

/** Of navigator.userAgentData, which Chromium has and TypeScript does not know. */
interface AgentData {
  getHighEntropyValues(hints: readonly string[]): Promise<{
    readonly fullVersionList?: readonly { readonly brand: string; readonly version: string }[];
    readonly platform?: string;
    readonly platformVersion?: string;
    readonly architecture?: string;
  }>;
}

/** What a page may know of where it runs. */
export async function browserEnvironment(gpu: Gpu): Promise<Environment> {
  const agent = (navigator as { userAgentData?: AgentData }).userAgentData;
  const hints = ["fullVersionList", "platform", "platformVersion", "architecture"];
  const known = await agent?.getHighEntropyValues(hints).catch(() => undefined);
  const { vendor, architecture, description } = gpu.device.adapterInfo ?? {};
  const named = [known?.platform, known?.platformVersion, known?.architecture].filter(Boolean);
  return {
    adapter: gpu.name,
    driver: description || [vendor, architecture].filter(Boolean).join(" "),
    software: gpu.software,
    runtime: browserIn(known?.fullVersionList ?? []) ?? browserOf(navigator.userAgent),
    cpu: `${navigator.hardwareConcurrency} threads`,
    os: named.length > 0 ? named.join(" ") : operatingSystemOf(navigator.userAgent),
  };
}

/** The browser among its brands: not the made-up one, and Chromium only if there is no other. */
export function browserIn(
  brands: readonly { readonly brand: string; readonly version: string }[],
): string | undefined {
  // "Not)A;Brand" and the like, which is there so that nobody relies on the list
  const real = brands.filter(({ brand }) => !/^notabrand$/i.test(brand.replace(/[^a-z]/gi, "")));
  const found = real.find(({ brand }) => brand !== "Chromium") ?? real[0];
  return found && `${found.brand} ${found.version}`;
}

/** "Firefox 145.0", "Safari 26.1": name and version as the user agent says. */
export function browserOf(userAgent: string): string {
  const firefox = /Firefox\/([\d.]+)/.exec(userAgent);
  if (firefox) return `Firefox ${firefox[1]}`;
  const safari = /Version\/([\d.]+).* Safari\//.exec(userAgent);
  if (safari) return `Safari ${safari[1]}`;
  const chrome = /Chrome\/([\d.]+)/.exec(userAgent);
  return chrome ? `Chrome ${chrome[1]}` : "unknown browser";
}

/** The first group of the user agent's parentheses: "X11; Linux x86_64". */
function operatingSystemOf(userAgent: string): string {
  return /\(([^)]*)\)/.exec(userAgent)?.[1] ?? "";
}
