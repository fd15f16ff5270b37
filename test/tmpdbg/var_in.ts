import { planSandbox } from "../../lib/sandbox/bubblewrap.ts";
import { survey } from "../../lib/sandbox/survey.ts";
import { launch } from "../../lib/sandbox/launch.ts";
import { inView } from "../../lib/sandbox/view.ts";
import { ENVIRONMENT, inUnion } from "../escape/sandbox.ts";
import { close, O, openInherited, readMounts, unmount } from "../../lib/posix/mod.ts";
const options = { env: ENVIRONMENT, timeout: 60_000, onLine: console.error };
await inUnion("/run/ball", async (sandbox) => {
  await launch(sandbox, ["bash", `/run/disco/ball/scripts/1`], options);
  const { union } = sandbox;
  const filter = () => openInherited(`${union.folder("filter")}/seccomp`, O.RDONLY);
  const run = (argv: readonly string[]) => {
    const r = new Deno.Command(argv[0]!, {
      args: argv.slice(1),
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
      clearEnv: true,
      env: ENVIRONMENT,
    }).outputSync();
    if (r.code !== 0) throw new Error("code " + r.code + argv.join(" "));
  };
  const seen = survey(sandbox);
  const noGuards = (argv: readonly string[]) => {
    const out: string[] = [];
    for (let k = 0; k < argv.length; k++) {
      if (argv[k] === "--ro-bind" && argv[k + 2]!.startsWith("/proc/")) {
        k += 2;
        continue;
      }
      out.push(argv[k]!);
    }
    return out;
  };
  const V: Record<string, () => void> = {
    "true": () => run(["/bin/true"]),
    "now": () => {
      const f = filter();
      const p = planSandbox(sandbox, seen.hidden, f, [], true);
      inView(union, p.shown, () => run([...p.argv, "/bin/true"]));
      close(f);
    },
    "no guards": () => {
      const f = filter();
      const p = planSandbox(sandbox, seen.hidden, f, [], true);
      inView(union, p.shown, () => run([...noGuards(p.argv), "/bin/true"]));
      close(f);
    },
    "small table": () => {
      const f = filter();
      const p = planSandbox(sandbox, seen.hidden, f, [], true);
      inView(union, p.shown, () => {
        const keep = [
          "/usr",
          "/lib",
          "/lib64",
          "/bin",
          "/etc",
          union.folder("x").replace(/\/x$/, ""),
          "/proc",
        ];
        const m = readMounts().map((x) => x.path);
        const s = performance.now();
        let n = 0;
        for (const path of m) {
          if (
            path === "/" ||
            keep.some((k) => path === k || path.startsWith(k + "/") || k.startsWith(path + "/"))
          ) continue;
          if (m.some((o) => o !== "/" && path.startsWith(o + "/"))) continue;
          try {
            unmount(path, true);
            n++;
          } catch (e) {
            console.error(path, String(e));
          }
        }
        U.push(performance.now() - s);
        C = n;
        T = readMounts().length;
        M = m.length;
        run([...p.argv, "/bin/true"]);
      });
      close(f);
    },
    "view only": () => {
      const f = filter();
      const p = planSandbox(sandbox, seen.hidden, f, [], true);
      inView(union, p.shown, () => {});
      close(f);
    },
  };
  const U: number[] = [];
  let C = 0, T = 0, M = 0;
  const t: Record<string, number[]> = {};
  for (let n = 0; n < 40; n++) {
    for (const [name, go] of Object.entries(V)) {
      const s = performance.now();
      go();
      (t[name] ??= []).push(performance.now() - s);
    }
  }
  const med = (l: number[]) => l.toSorted((a, b) => a - b)[l.length >> 1]!.toFixed(2);
  for (const [name, l] of Object.entries(t)) {
    console.log(
      name.padEnd(24),
      med(l),
      l.toSorted((a, b) => a - b)[4]!.toFixed(2),
    );
  }
  console.log("umounts", C, med(U), "table", M, "->", T);
});
