// One kept-alive connection that carries one request at a time, on a bare socket: the client must cost less than any server
// it measures.
import net from 'node:net';

export class HttpLane {
  readonly #socket: net.Socket;
  #received = '';
  #done: ((status: number) => void) | null = null;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk.toString('latin1')));
    socket.on('close', () => this.#finish(0));
    socket.on('error', () => undefined);
  }

  static open(port: number): Promise<HttpLane> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(new HttpLane(socket)));
      socket.once('error', reject);
    });
  }

  get isFree(): boolean {
    return this.#done === null && !this.#socket.destroyed;
  }

  /** Resolves with the status; 0 when the connection broke. */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const head = this.#received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#received)?.[1] ?? 0);
    if (this.#received.length < head + 4 + length) return;
    this.#finish(Number(this.#received.slice(9, 12)));
  }

  #finish(status: number): void {
    const done = this.#done;
    this.#received = '';
    this.#done = null;
    done?.(status);
  }
}
