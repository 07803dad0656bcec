/** The socket to the sandbox: events in, calls out, opened again by itself when it is lost. */

const RETRY_MS = [250, 500, 1000, 2000, 4000];

export class Wire extends EventTarget {
  #socket = null;
  #person = null;
  #waiting = new Map();
  #next = 1;
  #losses = 0;

  /** Be `person` (an id; null for the owner) from now on. */
  open(person) {
    this.#person = person;
    const old = this.#socket;
    this.#socket = null;
    old?.close();
    this.#giveUp();
    this.#dial();
  }

  /** Ask the sandbox for `name`; its answer, or an Error whose message is Discord's sentence. */
  call(name, args = {}) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Error("The sandbox is not reachable."));
    const id = this.#next++;
    this.#socket.send(JSON.stringify({ id, call: name, args }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #dial() {
    const query = this.#person ? `?as=${encodeURIComponent(this.#person)}` : "";
    const socket = new WebSocket(`ws://${location.host}/page/ws${query}`);
    this.#socket = socket;
    socket.addEventListener("message", (frame) => socket === this.#socket && this.#receive(JSON.parse(frame.data)));
    socket.addEventListener("close", () => socket === this.#socket && this.#lost());
  }

  #receive(told) {
    if (told.t) {
      if (told.t === "HELLO") this.#losses = 0;
      this.dispatchEvent(new CustomEvent("event", { detail: told }));
      return;
    }
    const waiting = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if (!waiting) return;
    if (told.error === undefined) waiting.resolve(told.answer);
    else waiting.reject(new Error(told.error));
  }

  #lost() {
    this.#giveUp();
    this.dispatchEvent(new Event("lost"));
    const pause = RETRY_MS[Math.min(this.#losses++, RETRY_MS.length - 1)];
    const socket = this.#socket;
    setTimeout(() => socket === this.#socket && this.#dial(), pause);
  }

  #giveUp() {
    for (const { reject } of this.#waiting.values()) reject(new Error("The connection to the sandbox was lost."));
    this.#waiting.clear();
  }
}
