import { assertMatch } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";

/** Starts a process, and goes on once it has its name. */
const SLEEPER = "sleep 60 & until [ $(cat /proc/$!/comm) = sleep ]; do :; done; ";

/** What scripts ask of processes, in shell, and what they get; `live` runs on the host. */
const QUESTIONS: readonly [question: string, answer: RegExp][] = [
  ["pgrep -x live || echo none", /^\d+$/],
  ["pgrep -f '^[l]ive 600'", /^\d+$/],
  ["pgrep -c live", /^1$/],
  ["pidof live", /^\d+$/],
  ["pgrep -x nowhere || echo none", /^none$/],
  ["pidof nowhere || echo none", /^none$/],
  ["ps -C live -o args=", /^live 600$/],
  ["ps -eo args= | grep '^live'", /^live 600$/],
  ["ps aux | grep -c '[l]ive 600'", /^1$/],
  // The sandbox has a process 1 of its own: what the machine was started with is asked for.
  ["ps -p 1 -o comm=", /^cat$/],
  ["ps -o comm= -p 1", /^cat$/],
  ["ps --pid=1 -o comm=", /^cat$/],
  // Whoever has the number, however it is asked for.
  ["ps -p $(pidof live) -o comm=", /^live$/],
  ["ps -fp $(pidof live) | grep -c live", /^1$/],
  ["ps -o comm= $(pidof live)", /^live$/],
  ["ps -o comm= $$", /^bash$/],
  ["ps -wwo comm= -p $$", /^bash$/],
  ["ps up $$ | grep -c bash", /^1$/],
  [`me=$BASHPID; ${SLEEPER}pgrep -xP $me sleep | grep -c .`, /^1$/],
  // Its own processes have numbers, parents and groups.
  ["ps -p $$ -o comm=", /^bash$/],
  [`${SLEEPER}ps -o comm= -p $!`, /^sleep$/],
  [`me=$BASHPID; ${SLEEPER}pgrep -P $me -x sleep | grep -c .`, /^1$/],
  // DISCO's processes are not the machine's.
  ["pgrep -f run/disco/ball || echo none", /^none$/],
  ["ps -eo args= | grep -c '[b]wrap --bind' || true", /^0$/],
  ["pgrep -x deno || echo none", /^none$/],
  ["ps -eo args= | grep -c 'danc[e]' || true", /^0$/],
];

async function sceneWithProcess(): Promise<Scene> {
  const scene = await newScene();
  await scene.sh("cp /bin/sleep /usr/local/bin/live; live 600 </dev/null >/dev/null 2>&1 & disown");
  return scene;
}

describeOnHost("a question for processes", () => {
  it("is answered by the live system, which DISCO is not a part of", async () => {
    await using scene = await sceneWithProcess();
    const script = QUESTIONS.map(([question], i) => `( ${question}; ) >/srv/answer-${i}`);
    for (const options of [["--noop"], []]) {
      const { result } = await scene.ball("a", script.join("\n")).dance(...options).ok();
      QUESTIONS.forEach(([question, answer], i) => {
        const change = result.changes.find(({ path }) => path === `/srv/answer-${i}`);
        const diff = change?.diff ?? scene.host.read(`/srv/answer-${i}`).replace(/^/, "+");
        const found = /^\+([^+].*)$/m.exec(diff)?.[1] ?? "";
        assertMatch(found, answer, `${question} ${options}: ${found}`);
      });
    }
  });

  it("would show what DISCO has started if that were not hidden (the control)", async () => {
    await using scene = await sceneWithProcess();
    await scene.ball("a", "echo ready; sleep 600").danceInWords("--noop")
      .meanwhile(/ready/, async (running) => {
        await scene.program("pgrep", "-f", "run/disco/ball").ok();
        await scene.program("pgrep", "-x", "bwrap").ok();
        await scene.program("pgrep", "-x", "deno").ok();
        await running.kill("SIGINT");
      });
  });

  const UNANSWERED: readonly [script: string, why: string | RegExp][] = [
    ["systemctl stop live\n! pgrep -x live", "stop live.service waits for the merge"],
    ["systemctl stop livelier\n! pgrep -x live", "stop livelier.service waits for the merge"],
    ["pkill -x live\nwhile pgrep -x live; do sleep 0.1; done", "pkill live waits for the merge"],
    ["killall live\n! pidof live", "killall live waits for the merge"],
    ["ps x | grep live || true", "it is for the processes of its own terminal or account"],
    ["ps -o pid,comm || true", "it is for the processes of its own terminal or account"],
    ["pgrep 'live(' || true", "it failed with 2"],
    [
      "if pgrep '(((a{1,200}){1,200}){1,200})'; then :; else echo none; fi",
      /it (did not answer|failed with \d)/,
    ],
    ["for i in $(seq 400); do sleep 60 & done; pgrep -x live || true", "more than 256 processes"],
  ];
  for (const [script, why] of UNANSWERED) {
    it(`is refused, and fails its ball: ${script.split("\n")[0]}`, async () => {
      await using scene = await sceneWithProcess();
      await scene.ball("a", `${script}\nexit 0\n`).dryRun().fails(why);
    });
  }

  it("is refused where the live system hides processes", async () => {
    await using scene = await sceneWithProcess();
    await scene.program("mount", "-o", "remount,hidepid=2", "/proc").ok();
    await scene.ball("a", "pgrep -x live || touch /srv/none").dryRun()
      .fails(/the live system hides processes of others \(\/proc has the option hidepid=/);
  });
});
