/**
 * Journals as the first version wrote them: slots were absolute paths, and areas nothing but that.
 *
 * @module
 */
import type { Area } from "./area.ts";
import type { Journal } from "./journal.ts";
import type { MoveOperation, Operation } from "./operation.ts";

/** Schema 1. */
export interface OldJournal extends Omit<Journal, "schema" | "areas"> {
  readonly schema: 1;
  readonly areas: readonly { readonly place: string; readonly folder: string }[];
}

/** The same journal as it is written now. */
export function upgrade(old: OldJournal): Journal {
  return {
    ...old,
    schema: 2,
    areas: old.areas.map(({ place, folder }) => areaOf(place, folder)),
    operations: old.operations.map(withSlotName),
  };
}

/** `GENERATION/slots`, or `PLACE/.disco/GENERATION/slots`. */
function areaOf(place: string, folder: string): Area {
  const [shared, owner = ""] = folder.split("/").slice(-3, -1);
  const known = { place, owner, ino: null, handle: null };
  return shared === ".disco"
    ? { ...known, home: place, name: `.disco/${owner}/slots` }
    : { ...known, home: null, name: "" };
}

function withSlotName(operation: Operation): Operation {
  if (operation.kind === "attributes") return operation;
  const { slot } = operation;
  return { ...operation, slot: slot.slice(slot.lastIndexOf("/") + 1) } as MoveOperation;
}
