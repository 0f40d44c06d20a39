import { TemplateError } from './template-error';

/** Which node needs which others to be done before it. */
export class Graph<Node> {
  private readonly needs = new Map<Node, ReadonlySet<Node>>();
  private readonly neededBy = new Map<Node, Node[]>();

  constructor(needs: ReadonlyMap<Node, ReadonlySet<Node>>) {
    for (const node of needs.keys()) this.neededBy.set(node, []);
    for (const [node, wanted] of needs) {
      const known = new Set([...wanted].filter((other) => needs.has(other)));
      this.needs.set(node, known);
      for (const other of known) this.neededBy.get(other)!.push(node);
    }
  }

  /** The same graph for deletions: what was needed goes last. */
  reversed(): Graph<Node> {
    return new Graph(new Map([...this.neededBy].map(([node, users]) => [node, new Set(users)])));
  }

  /** Throws when nodes wait for each other. */
  checkAcyclic(): void {
    const later = unorderable(this.needs, this.neededBy);
    const circle = unorderable(pick(this.neededBy, later), pick(this.needs, later));
    if (circle.size === 0) return;
    throw new TemplateError(`Circular dependency between resources: [${[...circle].sort().join(', ')}]`);
  }

  /**
   * Visits every node as soon as the visits of all that it needs have ended with true, as many at a time as can be.
   * `stopped` keeps further visits from being started. Resolves when no visit is running any more.
   */
  walk(visit: (node: Node) => Promise<boolean>, stopped: () => boolean = () => false): Promise<void> {
    const waiting = new Map([...this.needs].map(([node, wanted]) => [node, wanted.size]));
    let running = 0;
    return new Promise((resolve, reject) => {
      let broken = false;
      const settle = () => {
        if (running === 0 && !broken) resolve();
      };
      const start = (node: Node) => {
        if (broken || stopped()) return;
        running += 1;
        visit(node).then(
          (good) => {
            running -= 1;
            for (const user of good ? this.neededBy.get(node)! : []) {
              const left = waiting.get(user)! - 1;
              waiting.set(user, left);
              if (left === 0) start(user);
            }
            settle();
          },
          (error) => {
            broken = true;
            reject(error);
          },
        );
      };
      for (const [node, wanted] of this.needs) if (wanted.size === 0) start(node);
      settle();
    });
  }
}

/** The nodes that no order reaches: those on a circle and those behind one. */
function unorderable<Node>(
  needs: ReadonlyMap<Node, Iterable<Node>>,
  neededBy: ReadonlyMap<Node, Iterable<Node>>,
): Set<Node> {
  const open = new Map([...needs].map(([node, wanted]) => [node, new Set(wanted).size]));
  const ready = [...open].filter(([, count]) => count === 0).map(([node]) => node);
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    open.delete(node);
    for (const user of neededBy.get(node) ?? []) {
      const left = (open.get(user) ?? 0) - 1;
      open.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  return new Set(open.keys());
}

function pick<Node>(edges: ReadonlyMap<Node, Iterable<Node>>, nodes: ReadonlySet<Node>): Map<Node, Node[]> {
  const picked = [...edges].filter(([node]) => nodes.has(node));
  return new Map(picked.map(([node, others]) => [node, [...others].filter((other) => nodes.has(other))]));
}
