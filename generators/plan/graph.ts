/** Groups of tables that refer to each other, parents first. */

/** Strongly connected components of `edges[from] = to[]`, each after the components it points to. Order within a component is ascending. */
export function orderComponents(edges: readonly (readonly number[])[]): number[][] {
  const indexOf = new Map<number, number>();
  const lowest = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const components: number[][] = [];

  const visit = (node: number): void => {
    indexOf.set(node, indexOf.size);
    lowest.set(node, indexOf.size - 1);
    stack.push(node);
    onStack.add(node);
    for (const next of edges[node] ?? []) {
      if (!indexOf.has(next)) {
        visit(next);
        lowest.set(node, Math.min(lowest.get(node) ?? 0, lowest.get(next) ?? 0));
      } else if (onStack.has(next)) {
        lowest.set(node, Math.min(lowest.get(node) ?? 0, indexOf.get(next) ?? 0));
      }
    }
    if (lowest.get(node) !== indexOf.get(node)) return;
    const component: number[] = [];
    for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
      onStack.delete(member);
      component.push(member);
      if (member === node) break;
    }
    components.push(component.toSorted((a, b) => a - b));
  };

  for (let node = 0; node < edges.length; node++) if (!indexOf.has(node)) visit(node);
  return components;
}
