import { seccompFilter } from "../../lib/sandbox/seccomp.ts";
import { helperFilter } from "../../lib/walled/filter.ts";
import { PRETENDED } from "../../lib/sandbox/pretended.ts";
for (
  const b of [
    seccompFilter("x86_64"),
    seccompFilter("aarch64"),
    seccompFilter("x86_64", PRETENDED),
    helperFilter("x86_64"),
    helperFilter("aarch64"),
  ]
) {
  console.log(
    b.length,
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", b))].map((x) => x.toString(16)).join(
      "",
    ).slice(0, 20),
  );
}
