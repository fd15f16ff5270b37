/**
 * A real browser, by the Chrome DevTools protocol.
 *
 * @module
 */
import { findProgram } from "../../lib/process/find_program.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser's program; undefined where there is none. */
export function browserProgram(): string | undefined {
  return NAMES.map((name) => findProgram(name)).find((path) => path !== undefined);
}

/** How a page is looked at. */
export interface View {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

/** A browser without a window; it ends with its scope. */
export class Browser implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #socket: WebSocket;
  readonly #profile: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #calls = 0;
  #session = "";

  private constructor(process: Deno.ChildProcess, socket: WebSocket, profile: string) {
    this.#process = process;
    this.#socket = socket;
    this.#profile = profile;
    socket.onmessage = ({ data }) => {
      const answer: Answer = JSON.parse(data);
      if (answer.id === undefined) return;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    };
  }

  /** Start it, with one page. */
  static async start(program: string): Promise<Browser> {
    const profile = Deno.makeTempDirSync();
    const process = new Deno.Command(program, {
      args: [
        ...["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
        ...["--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const socket = new WebSocket(await addressOf(process.stderr));
    await new Promise((done, fail) => {
      socket.onopen = done;
      socket.onerror = fail;
    });
    const browser = new Browser(process, socket, profile);
    const { targetId } = await browser.call("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await browser.call("Target.attachToTarget", { targetId, flatten: true });
    browser.#session = sessionId as string;
    return browser;
  }

  /** Show a page. */
  async show(html: string, { width, scheme }: View): Promise<void> {
    const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: false };
    await this.call("Emulation.setDeviceMetricsOverride", metrics);
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.call("Emulation.setEmulatedMedia", { features });
    const { frameTree } = await this.call("Page.getFrameTree", {});
    const frameId = (frameTree as { frame: { id: string } }).frame.id;
    await this.call("Page.setDocumentContent", { frameId, html });
  }

  /** What an expression comes to in the page. */
  async ask<T>(expression: string): Promise<T> {
    const answer = await this.call("Runtime.evaluate", {
      expression,
      returnByValue: true,
    });
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
    return (answer.result as { value: T }).value;
  }

  /** The page as PNG, down to its end or to `most` pixels. */
  async picture(width: number, most: number): Promise<Uint8Array<ArrayBuffer>> {
    const height = Math.min(most, await this.ask<number>("document.documentElement.scrollHeight"));
    const { data } = await this.call("Page.captureScreenshot", {
      captureBeyondViewport: true,
      clip: { x: 0, y: 0, width, height, scale: 1 },
    });
    return Uint8Array.fromBase64(data as string);
  }

  /** One call of the protocol. */
  async call(method: string, params: object): Promise<Record<string, unknown>> {
    const id = ++this.#calls;
    const answered = new Promise<Answer>((done) => this.#waiting.set(id, done));
    const session = this.#session === "" ? {} : { sessionId: this.#session };
    this.#socket.send(JSON.stringify({ id, method, params, ...session }));
    const { result, error } = await answered;
    if (!result) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#session = "";
    await this.call("Browser.close", {}).catch(() => {});
    this.#socket.close();
    await this.#process.status;
    await Deno.remove(this.#profile, { recursive: true });
  }
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: unknown;
}

/** Where it listens: it says so on standard error, which is then read to its end. */
async function addressOf(stderr: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stderr.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Cannot start the browser: ${text}`);
    text += decoder.decode(value, { stream: true });
    const [, address] = /DevTools listening on (ws:\S+)\n/.exec(text) ?? [];
    if (address === undefined) continue;
    void (async () => {
      while (!(await reader.read()).done);
    })();
    return address;
  }
}
