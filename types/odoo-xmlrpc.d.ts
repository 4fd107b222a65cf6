// Types of the two untyped packages behind bridge/adapters/odoo/xmlrpc-connection.ts: only what is used there.
declare module 'odoo-xmlrpc' {
  /** Either argument is null; a refused login comes as a plain object with a `message`. */
  type Callback = (error: unknown, value: unknown) => void;

  export default class Odoo {
    constructor(config: { url: string; db: string; username: string; password: string });
    /** Authenticates; the user id stays inside. */
    connect(callback: Callback): void;
    /** `params` are the positional arguments and, if wanted, the named ones. May throw at once. */
    execute_kw(model: string, method: string, params: [unknown[], Record<string, unknown>], callback: Callback): void;
  }
}

declare module 'xmlrpc' {
  interface ClientOptions {
    host: string | null;
    port?: string | number | null;
    path: string;
  }
  interface Client {
    methodCall(method: string, params: unknown[], callback: (error: unknown, value: unknown) => void): void;
  }

  /** The options reach http.request as they are. */
  const xmlrpc: {
    createClient: (options: ClientOptions) => Client;
    createSecureClient: (options: ClientOptions) => Client;
  };
  export default xmlrpc;
}
