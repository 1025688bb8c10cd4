/**
 * Weights from a server: downloads with progress that resume, are checked by hash and kept in the browser.
 *
 * @module
 */
export { PUBLISHED, PUBLISHED_LICENCE, type PublishedModel } from "../weights/published";
export type { CacheChoice, WeightsCache } from "./cache";
export { type CacheWeightsOptions, cacheWeights } from "./cache_weights";
export { EMBEDDED_MODEL } from "./embedded_model";
export { type FetchWeightsOptions, fetchWeights } from "./fetch_weights";
export { clearWeights, deleteWeights, listWeights, type StoredWeights } from "./list_weights";
export { type OpenWeightsOptions, openWeights, type Weights } from "./open_weights";
export { type CacheQuota, cacheQuota } from "./quota";
