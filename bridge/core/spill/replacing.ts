// The same object with some of its methods replaced, whatever others it has or will have.
export function replacing<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get: (object, property) => {
      const replacement: unknown = Reflect.get(replaced, property);
      if (replacement !== undefined) return replacement;
      const member: unknown = Reflect.get(object, property, object);
      return typeof member === 'function' ? (member.bind(object) as unknown) : member;
    },
  });
}
