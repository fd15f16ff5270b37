/**
 * What a result names, in words.
 *
 * @module
 */
import { shellWord } from "../terminal/printable.ts";
import type { OwedEffect } from "./result.ts";

/** What is owed, since when, and why. */
export function owedWords(
  { id, ball, script, argv, since, tried, error, held }: OwedEffect,
): string {
  const tries = tried === 1 ? "tried once" : `tried ${tried} times`;
  const waits = held ? "; waits for disco owed --retry or --forget" : "";
  const who = whoOf(ball, script);
  return `${wordsOf(argv)} [${who}] since ${since}, ${tries}: ${error}${waits} (${id})`;
}

/** A command line, as a shell takes it. */
export function wordsOf(argv: readonly string[]): string {
  return argv.map(shellWord).join(" ");
}

/** The script of a ball; its name is a file's: it is quoted where it could be taken for something else. */
export function whoOf(ball: string, script: string): string {
  const isOwn = /^\(\w+\)$/.test(ball);
  return [isOwn ? ball : shellWord(ball), ...(script === "" ? [] : [shellWord(script)])].join("/");
}
