#!/usr/bin/env bash
# run_files.sh FILE...: runs these files of tests. Where DISCO_TEST_RESULTS names a folder, it gets JUnit's
# XML of them there: *.failed if anything went wrong, *.xml otherwise. A process that dies leaves the
# file empty. Types are checked by deno task verify, once for all.
set -u

results=()
[[ -z ${DISCO_TEST_RESULTS:-} ]] || results=("--junit-path=$DISCO_TEST_RESULTS/$$.xml")
[[ -z ${results[*]} ]] || : >"$DISCO_TEST_RESULTS/$$.xml"
deno test -A --no-check --frozen --cached-only "${results[@]}" "$@" && exit
code=$?
[[ -z ${results[*]} ]] || mv "$DISCO_TEST_RESULTS/$$.xml" "$DISCO_TEST_RESULTS/$$.failed"
exit "$code"
