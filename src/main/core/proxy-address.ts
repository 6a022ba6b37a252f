/** The form of a proxy's address, for whoever has to be told: `http://127.0.0.1:7890`. */
const written = /^(?:(https?):\/\/)?(?:[^\s/@]+@)?(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?\/?$/i;

/**
 * A proxy's address as it is meant, e.g. `http://name:password@school.example:8080`; without a scheme it is an HTTP proxy.
 * Null where it is none, or one that does not speak HTTP.
 */
export function proxyAddress(text: string): URL | null {
  const [whole, scheme] = written.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  try {
    const address = new URL(scheme === undefined ? `http://${whole}` : whole);
    // A lone % means nothing.
    decodeURIComponent(address.username + address.password);
    return address;
  } catch {
    return null;
  }
}
