/** Makes a part of the double fail loudly where the host uses what is not doubled, instead of meeting `undefined`. */
export function strict<T extends object>(name: string, part: T): T {
  return new Proxy(part, {
    get(target, property) {
      // Names with an underscore are Node's own event emitter looking at itself.
      if (typeof property === 'string' && !(property in target) && !property.startsWith('_')) {
        throw new Error(`electron double: ${name}.${property} is not doubled`);
      }
      const value: unknown = Reflect.get(target, property);
      return value;
    },
  });
}
