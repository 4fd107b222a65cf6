// Which collection a tenant is searched in, kept on the server as an alias per tenant. A changed embedding model or text
// version fills a collection of its own beside; when questions go there, one call moves the alias and marks the collection
// it left. A marked collection that no tenant is searched in any more is removed. The mark is an alias too, made in the
// same call as the move, so whatever dies in between, the next move finishes it.
// Questions name their collection and not the alias: a process that still embeds with the old model would ask the new
// model's vectors, and get an answer. Without its collection it gets an error and goes on by words.
import type { QdrantServer } from './server.ts';
import { aliasChanges } from './requests.ts';

const tenantPrefix = 'ui_tenant_';
const leftPrefix = 'ui_left_';

interface Alias {
  alias_name: string;
  collection_name: string;
}

export class ServingAliases {
  readonly #server: QdrantServer;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(server: QdrantServer) {
    this.#server = server;
  }

  /** Questions of the tenant go to this collection now; what it left is removed when nobody else is searched there. */
  move(accountId: string, collection: string): Promise<void> {
    return this.#inTurn(async () => {
      const aliases = await this.#all();
      if (serving(aliases, accountId)?.collection_name !== collection) {
        await this.#point(aliases, accountId, collection);
      }
      await this.#removeLeft();
    });
  }

  /** Says that the tenant is searched here, unless it is searched somewhere already. */
  claim(accountId: string, collection: string): Promise<void> {
    return this.#inTurn(async () => {
      const aliases = await this.#all();
      if (!serving(aliases, accountId)) await this.#point(aliases, accountId, collection);
    });
  }

  /** The tenant is not searched in this collection any more. */
  leave(accountId: string, collection: string): Promise<void> {
    return this.#inTurn(async () => {
      const aliases = await this.#all();
      const own = serving(aliases, accountId);
      if (own?.collection_name !== collection) return;
      await this.#change([own, ...known(aliases, markOf(collection))], [markOf(collection)]);
      await this.#removeLeft();
    });
  }

  async #point(aliases: readonly Alias[], accountId: string, collection: string): Promise<void> {
    const own = serving(aliases, accountId);
    const left = own ? [markOf(own.collection_name)] : [];
    const obsolete = [...left, markOf(collection)].flatMap((mark) => known(aliases, mark));
    const now = { alias_name: tenantPrefix + accountId, collection_name: collection };
    await this.#change([...(own ? [own] : []), ...obsolete], [now, ...left]);
  }

  async #removeLeft(): Promise<void> {
    const aliases = await this.#all();
    const tenants = aliases.filter(({ alias_name: name }) => name.startsWith(tenantPrefix));
    const served = new Set(tenants.map(({ collection_name: collection }) => collection));
    for (const { alias_name: name, collection_name: left } of aliases) {
      if (!name.startsWith(leftPrefix) || served.has(left)) continue;
      await this.#server.write((client) => client.deleteCollection(left));
    }
  }

  async #all(): Promise<Alias[]> {
    const { aliases } = await this.#server.write((client) => client.getAliases());
    return aliases;
  }

  async #change(removed: readonly Alias[], added: readonly Alias[]): Promise<void> {
    const names = removed.map(({ alias_name: name }) => name);
    await this.#server.write((client) => client.updateCollectionAliases(aliasChanges(names, added)));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work, work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function serving(aliases: readonly Alias[], accountId: string): Alias | undefined {
  return aliases.find(({ alias_name: name }) => name === tenantPrefix + accountId);
}

function known(aliases: readonly Alias[], { alias_name: name }: Alias): Alias[] {
  return aliases.filter((alias) => alias.alias_name === name);
}

function markOf(collection: string): Alias {
  return { alias_name: leftPrefix + collection, collection_name: collection };
}
