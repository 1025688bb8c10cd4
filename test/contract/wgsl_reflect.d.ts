// The package's own entry point is a CommonJS file inside an ES package, which Node cannot import.
declare module "wgsl_reflect/wgsl_reflect.module.js" {
  export { WgslReflect } from "wgsl_reflect";
}
