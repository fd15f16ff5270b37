/**
 * The program that has compiled templates carried out, see `evaluator.ts`. It runs by itself, in a
 * process between walls. The first line of its input is the program in `realm.js`, each further one
 * a request; a line is answered by a line, all of JSON.
 *
 * Each ball has a realm of its own, with its own globals, prototypes and functions, and only text
 * passes between realms: what one ball changes is gone with it. Nothing is ever carried out later
 * (promises, timers), because this program never returns to the loop of events.
 *
 * @module
 */
import vm from "node:vm";

const { stdin, stdout } = Deno;
const { Script, createContext } = vm;
const { create, freeze, getOwnPropertyDescriptor } = Object;
const { ownKeys } = Reflect;
const { parse, stringify } = JSON;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Lets a realm show nothing of this one: the frames of a call stack are objects of this one. */
const LOCK = new Script(`"use strict";
Object.defineProperty(Error, "prepareStackTrace", { value: undefined });
Object.defineProperty(globalThis, "Error", { value: Error, writable: false, configurable: false });
delete globalThis.console;
globalThis.console = { __proto__: null };
for (const name of ["debug", "error", "info", "log", "trace", "warn"]) console[name] = () => {};
delete globalThis.WebAssembly;
`);

function newRealm() {
  const realm = createContext(create(null));
  LOCK.runInContext(realm);
  return realm;
}

/** The results as the realm's text; undefined when that is no text, or there is none. */
function evaluate(program, realm, request) {
  try {
    const result = new Script(`${program}(${stringify(request)})`).runInContext(realm);
    return typeof result === "string" ? result : undefined;
  } catch {
    // Even to look at what was thrown would be to run the ball's code here.
    return undefined;
  }
}

/** The lines of the input, until there are no more. */
function* lines() {
  const chunk = new Uint8Array(65536);
  let text = [];
  for (let n; (n = stdin.readSync(chunk)) !== null;) {
    const parts = decoder.decode(chunk.subarray(0, n), { stream: true }).split("\n");
    while (parts.length > 1) {
      yield text.join("") + parts.shift();
      text = [];
    }
    text.push(parts[0]);
  }
}

function say(value) {
  const bytes = encoder.encode(`${stringify(value)}\n`);
  for (let done = 0; done < bytes.length;) done += stdout.writeSync(bytes.subarray(done));
}

/**
 * Should a template get hold of an object of this realm after all, it cannot change it, nor find a
 * way out from it.
 */
function freezeAll() {
  for (const name of ownKeys(globalThis)) {
    if (!LANGUAGE.test(String(name))) delete globalThis[name];
  }
  const seen = new Set();
  const waiting = [globalThis, function* () {}, async function () {}, async function* () {}];
  for (const value of waiting) {
    if (Object(value) !== value || seen.has(value)) continue;
    seen.add(value);
    waiting.push(Object.getPrototypeOf(value));
    for (const key of ownKeys(value)) {
      const { value: held, get, set } = getOwnPropertyDescriptor(value, key) ?? {};
      waiting.push(held, get, set);
    }
    if (value !== globalThis) freeze(value);
  }
}

/** The names of the language itself, not those of a browser or of Deno. */
const LANGUAGE =
  /^(?:Symbol\(.*|[A-Z]\w*Error|Array|ArrayBuffer|Atomics|BigInt|Boolean|DataView|Date|Function|Infinity|Intl|Iterator|JSON|Map|Math|NaN|Number|Object|Promise|Proxy|Reflect|RegExp|Set|String|Symbol|Uint8Array|WeakMap|WeakRef|WeakSet|eval|globalThis|is(?:Finite|NaN)|parse(?:Float|Int)|undefined)$/;

freezeAll();
const input = lines();
const program = parse(input.next().value);
// Made ahead of time: the next ball does not wait for it.
let realm = newRealm();
say({ ready: true });
for (const line of input) {
  const { id, request } = parse(line);
  say({ id, results: evaluate(program, realm, request) });
  realm = newRealm();
}
