// Waits on a condition that takes a call to look at, in short steps; rejects with what it waited for.
const pauseMs = 50;

export async function eventually(what: string, look: () => Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const untilMs = Date.now() + timeoutMs;
  while (!(await look())) {
    if (Date.now() > untilMs) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
