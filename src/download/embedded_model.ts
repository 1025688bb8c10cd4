/** The model that comes with the package, `models/gpen-tiny-128.safetensors` in it: 128 px, MIT. */
export const EMBEDDED_MODEL = {
  file: "gpen-tiny-128.safetensors",
  bytes: 4_288_186,
  sha256: "a9eba162f9ed9749c67763d97ed04a3cc60de0b2837607a8ddf00f286a893a9c",
} as const;
