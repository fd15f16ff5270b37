import { lstat } from "../../lib/posix/mod.ts";
import { libc } from "../../lib/posix/libc.ts";
const N = 100000;
for (let r = 0; r < 3; r++) {
  let s = performance.now();
  for (let i = 0; i < N; i++) lstat("/etc/passwd");
  console.log("lstat", ((performance.now() - s) * 1000 / N).toFixed(2), "us");
  const b = new Uint8Array(256), p = new TextEncoder().encode("/etc/passwd\0");
  s = performance.now();
  for (let i = 0; i < N; i++) libc.statx(-100, p, 0x100, 0x7ff, b);
  console.log("libc.statx", ((performance.now() - s) * 1000 / N).toFixed(2));
  s = performance.now();
  for (let i = 0; i < N; i++) Deno.lstatSync("/etc/passwd");
  console.log("Deno.lstat", ((performance.now() - s) * 1000 / N).toFixed(2));
  s = performance.now();
  for (let i = 0; i < N; i++) libc.getpgrp();
  console.log("getpgrp", ((performance.now() - s) * 1000 / N).toFixed(2));
}
