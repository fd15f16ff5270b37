/**
 * Accounts that are in no file: what the name services of the live system (nsswitch.conf(5): LDAP,
 * SSSD, systemd) know. They are asked through getent(1), in bounded time.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { NO_PROGRAM, runSync } from "../process/run_sync.ts";
import { nameOf } from "../posix/mod.ts";

/** The databases of accounts. */
export type Database = "passwd" | "group";

/** A name with its number. */
export interface Account {
  readonly name: string;
  readonly id: number;
}

/** Seconds for one question; who does not answer in time is asked no more. */
const SECONDS = 5;
/** Questions of one process. */
const MOST = 2_000;
/** Services that read the files, which are read elsewhere: those of a union may be others. */
const FILES: readonly string[] = ["files", "compat", "db"];
/** What getent(1) ends with for a key that there is not. */
const NOT_FOUND = 2;

/** Name services of the machine that this process runs on. */
export class NameServices {
  readonly #answers = new Map<string, Account | undefined>();
  readonly #services = new Map<Database, string>();
  #isSilent = false;

  /** The account of a name or number; undefined where no service knows it, or none answers. */
  find(database: Database, key: string | number): Account | undefined {
    const word = `${database} ${key}`;
    if (this.#answers.has(word)) return this.#answers.get(word);
    const services = this.#servicesOf(database);
    if (services === "" || !/^[A-Za-z0-9_][A-Za-z0-9_.@\\-]{0,255}\$?$/.test(String(key))) {
      return undefined;
    }
    const found = this.#ask(database, services, String(key));
    this.#answers.set(word, found);
    return found;
  }

  #ask(database: Database, services: string, key: string): Account | undefined {
    const words = ["getent", "-s", `${database}:${services}`, database, key];
    const { code, stdout } = runSync(words, { seconds: SECONDS, stderr: "null" });
    if (code === NO_PROGRAM) return undefined;
    if (code !== 0 && code !== NOT_FOUND) this.#isSilent = true;
    const [name = "", , id = ""] = nameOf(stdout.slice(0, 4096)).split("\n")[0]!.split(":");
    return code === 0 && name !== "" && /^\d{1,10}$/.test(id)
      ? { name, id: Number(id) }
      : undefined;
  }

  /** What is asked besides the files, as nsswitch.conf(5) has it; empty if nothing is. */
  #servicesOf(database: Database): string {
    if (this.#isSilent || this.#answers.size >= MOST) return "";
    const services = this.#services.get(database) ?? servicesOf(database);
    this.#services.set(database, services);
    return services;
  }
}

/** Those of this process: what was asked once is not asked again. */
export const nameServices: NameServices = new NameServices();

function servicesOf(database: Database): string {
  using tree = new Tree("/");
  const text = nameOf(tree.read("/etc/nsswitch.conf") ?? new Uint8Array());
  const line = text.split("\n").find((line) => line.trim().startsWith(`${database}:`)) ?? "";
  const list = line.replace(/#.*/, "").slice(line.indexOf(":") + 1).replaceAll(/\[[^\]]*\]/g, "");
  return list.split(/\s+/).filter((name) => /^[a-z0-9_]+$/.test(name) && !FILES.includes(name))
    .join(" ");
}
