/**
 * What one more of something costs, by how many there are already: it should cost the same.
 *
 * Processor time counts, of DISCO and all that it started, because other work on the machine
 * disturbs it less than the clock.
 *
 * @module
 */
import { type ThrowawayHost, throwawayHost } from "../host/mod.ts";
import { discoArgv } from "./contenders.ts";
import { type Figures, measure } from "./measure.ts";
import { NODE, UNIVERSE } from "./universe.ts";

/** One number of one thing. */
export interface GrowthRow {
  readonly what: string;
  readonly count: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly memory: number;
  /** Milliseconds of processor time for each one more than in the row before. */
  readonly each?: number;
  /** How many times as much as in the row before. */
  readonly growth?: number;
}

/** Something of which there can be more. */
interface Subject {
  readonly counts: readonly number[];
  /** Make it so many; there were `before` of them in the same host, if it is kept. */
  make(host: ThrowawayHost, count: number, before: number): void | Promise<void>;
  /** What is measured; a second dance, which changes nothing, unless told. */
  readonly run?: "first" | "dry" | "second";
  /** Whether the next number is made in the same host. */
  readonly isKept?: boolean;
}

/** Files of a folder. */
const PER_FOLDER = 25;
/** Scripts, or templates, of a ball. */
const PER_BALL = { scripts: 10, templates: 250 };

/** What is measured, by name. */
export const SUBJECTS: Readonly<Record<string, Subject>> = {
  "files-unchanged": {
    counts: [1_000, 10_000, 100_000],
    make: (host, count) => writeFiles(host, count),
  },
  "files-new": {
    counts: [100, 1_000, 10_000],
    make: (host, count) => writeFiles(host, count),
    run: "first",
  },
  scripts: {
    counts: [10, 100, 300],
    make: (host, count) =>
      each(count, (n) => {
        const ball = Math.floor(n / PER_BALL.scripts);
        writeBall(host, ball, "scripts", `${n}-true`, "true\n");
      }),
  },
  templates: {
    counts: [100, 1_000, 5_000],
    make: (host, count) =>
      each(count, (n) => {
        const ball = Math.floor(n / PER_BALL.templates);
        writeBall(host, ball, "templates", `opt/t/${n}.eta`, `<%= it.node %> ${n}\n`);
      }),
  },
  layers: {
    counts: [10, 100, 300],
    make: (host, count) => each(count, (n) => writeBall(host, n, "files", `opt/l/${n}`, `${n}\n`)),
    run: "first",
  },
  parameters: {
    counts: [100, 1_000, 10_000],
    make: (host, count) => {
      writeBall(host, 0, "templates", "opt/p.eta", '<%= it.param("many/0/1") %>\n');
      each(count, (n) => {
        const folder = `${UNIVERSE}/parameters/${NODE}/many/${Math.floor(n / PER_FOLDER)}`;
        host.write(`${folder}/${n}`, `${n}\n`);
      });
    },
  },
  effects: {
    counts: [10, 100, 1_000],
    make: (host, count) => {
      const script = `for n in $(seq ${count}); do disco-effect true "$n"; done\n`;
      writeBall(host, 0, "scripts", "10-ask", script);
    },
  },
  generations: {
    counts: [10, 50, 200],
    make: async (host, count, before) => {
      host.write("/etc/disco/client/generations", "1000");
      host.write("/etc/disco/client/dances", "1000");
      for (let n = before; n < count; n++) {
        writeBall(host, 0, "files", "opt/g", `${n}\n`);
        await host.run(dance());
      }
    },
    isKept: true,
  },
  dances: {
    counts: [10, 50, 200],
    make: async (host, count, before) => {
      host.write("/etc/disco/client/dances", "1000");
      writeBall(host, 0, "files", "opt/g", "a\n");
      for (let n = before; n < count; n++) await host.run(dance("--noop"));
    },
    run: "dry",
    isKept: true,
  },
  mounts: {
    counts: [10, 50, 200],
    make: async (host, count) => {
      writeBall(host, 0, "files", "opt/m", "a\n");
      const script = 'for n in $(seq "$1"); do mkdir -p /mnt/$n; mount -t tmpfs m /mnt/$n; done';
      await host.run(["bash", "-c", script, "bash", String(count)]);
    },
  },
  "files-elsewhere": {
    counts: [5_000, 50_000, 500_000],
    make: async (host, count) => {
      writeBall(host, 0, "files", "opt/e", "a\n");
      const script = "for n in $(seq 100); do mkdir -p /srv/$n; cd /srv/$n; " +
        "seq $(($1 / 100)) | xargs touch; done";
      await host.run(["bash", "-c", script, "bash", String(count)], { timeout: 300_000 });
    },
    run: "dry",
  },
};

/** Measure one subject. */
export async function measureGrowth(what: string): Promise<GrowthRow[]> {
  const subject = SUBJECTS[what]!;
  const figures: Figures[] = [];
  let host = await throwawayHost();
  try {
    for (const [i, count] of subject.counts.entries()) {
      if (i > 0 && !subject.isKept) {
        await host[Symbol.asyncDispose]();
        host = await throwawayHost();
      }
      await subject.make(host, count, subject.counts[i - 1] ?? 0);
      figures.push(await once(host, subject.run ?? "second"));
    }
  } finally {
    await host[Symbol.asyncDispose]();
  }
  return rowsOf(what, subject.counts, figures);
}

async function once(host: ThrowawayHost, run: "first" | "dry" | "second"): Promise<Figures> {
  if (run === "second") await host.run(dance(), { timeout: 600_000 });
  return await measure(host, dance(...(run === "dry" ? ["--noop"] : [])));
}

/** What each costs, from one number to the next, and how that grows. */
export function rowsOf(
  what: string,
  counts: readonly number[],
  figures: readonly Figures[],
): GrowthRow[] {
  const rows: GrowthRow[] = [];
  for (const [i, { seconds, cpu, memory }] of figures.entries()) {
    const [before, last] = [figures[i - 1], rows[i - 1]];
    const row = { what, count: counts[i]!, seconds, cpu, memory };
    if (!before || !last) {
      rows.push(row);
      continue;
    }
    const each = (cpu - before.cpu) * 1000 / (row.count - last.count);
    const growth = last.each === undefined ? {} : { growth: each / last.each };
    rows.push({ ...row, each, ...growth });
  }
  return rows;
}

function dance(...words: string[]): string[] {
  return discoArgv("dance", "--quiet", ...words);
}

function writeFiles(host: ThrowawayHost, count: number): void {
  each(count, (n) => {
    const folder = Math.floor(n / PER_FOLDER);
    writeBall(host, 0, "files", `opt/f/${folder}/${n}`, `content of file ${n}\n`.repeat(20));
  });
}

/** Write a file of a ball, which is the node's. */
function writeBall(
  host: ThrowawayHost,
  number: number,
  part: string,
  path: string,
  text: string,
): void {
  const ball = `g${String(number).padStart(4, "0")}`;
  const module = `${UNIVERSE}/parameters/${NODE}/modules/${ball}`;
  if (!host.exists(module)) host.write(module, "");
  host.write(`${UNIVERSE}/balls/${ball}/${part}/${path}`, text);
}

function each(count: number, action: (n: number) => void): void {
  for (let n = 0; n < count; n++) action(n);
}
