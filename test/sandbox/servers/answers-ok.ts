// Whether a server answers an address with 2xx. The body is read to its end: a connection with an unread body would keep
// the asking process alive for seconds after its work is done.

/** Rejects while nobody listens. */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  await response.arrayBuffer();
  return response.ok;
}
