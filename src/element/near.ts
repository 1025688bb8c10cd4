/** Lazy pictures begin this far from the viewport. */
const MARGIN = "300px";

/** Calls `then` once the element is in the viewport or near it. Returns what ends the waiting. */
export function whenNear(element: Element, then: () => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      then();
    },
    { rootMargin: MARGIN },
  );
  observer.observe(element);
  return () => observer.disconnect();
}
