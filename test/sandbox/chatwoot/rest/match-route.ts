// Finds the endpoint for a method and a path below the account, and the values of its parameters.
import type { Route } from './route.ts';

interface Compiled {
  route: Route;
  pattern: RegExp;
}

export interface RouteMatch {
  route: Route;
  params: Record<string, string>;
}

export class RouteTable {
  private readonly compiled: Compiled[];

  constructor(routes: readonly Route[]) {
    this.compiled = routes.map((route) => ({ route, pattern: compilePattern(route.path) }));
  }

  match(method: string, path: string): RouteMatch | null {
    for (const { route, pattern } of this.compiled) {
      const found = route.method === method ? pattern.exec(path) : null;
      if (found !== null) return { route, params: { ...found.groups } };
    }
    return null;
  }
}

/** `:name` stands for one path part; `:cid`, `:mid` and `:id` are numbers, so `/conversations/meta` is not a conversation. */
function compilePattern(path: string): RegExp {
  const source = path.replaceAll(/:(\w+)/g, (_whole, name: string) => {
    const numeric = name.endsWith('id');
    return numeric ? `(?<${name}>\\d+)` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${source}/?$`);
}
