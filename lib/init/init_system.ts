/**
 * What DISCO has to know of an init system. To add one is a file with its row, and its name in `mod.ts`.
 *
 * @module
 */

/** A unit or service, as its init system shows it. */
export interface UnitState {
  /** With its ending. */
  readonly name: string;
  /** `active`, `inactive`, `failed`, ... */
  readonly active: string;
  /** `enabled`, `disabled`, `masked`, `static`, ...; empty where there is no unit file. */
  readonly file: string;
  /** `loaded`, `not-found`, `masked`, ... */
  readonly load: string;
}

/** What a command line does to units. */
export interface UnitAction {
  readonly verb: string;
  readonly units: readonly string[];
}

/** What finishes at boot what was cut off. */
export interface BootUnit {
  readonly name: string;
  /** Absolute, where it lies. */
  readonly path: string;
  readonly text: string;
  /** What enables it: links, by their absolute paths. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  /** Links of older versions, which are taken away. */
  readonly stale: readonly string[];
}

/** From what it is made. */
export interface BootUnitOptions {
  /** Runs `disco recover`. */
  readonly argv: readonly string[];
  /** DISCO's own folder: `/var/disco`. */
  readonly state: string;
}

/** A program by which one speaks to an init system. */
export interface InitProgram {
  readonly name: string;
  /** People and scripts start and stop services by it: in the sandbox something stands in for it. */
  readonly isManager: boolean;
  /** Its words are `NAME ACTION`, as those of an init script's wrapper; else `ACTION NAME...`. */
  readonly isNameFirst: boolean;
  /** It reaches nobody unless its init system runs. */
  readonly needsRunning: boolean;
  /** Whether these words may run twice: the second run leaves what the first would have. */
  readonly mayRepeat: (words: readonly string[]) => boolean;
  /** What these words do to units; undefined where that is not known. */
  readonly actionOf?: (words: readonly string[]) => UnitAction | undefined;
}

/** An init system. */
export interface InitSystem {
  /** As `if=` of a reaction names it, where it has a mark. */
  readonly name: string;
  /** For messages. */
  readonly label: string;
  /** A path that is there while it runs; undefined for the one that is taken where no other runs. */
  readonly mark?: string;
  readonly programs: readonly InitProgram[];
  /** What its tools read in the sandbox so that they change files and ask nobody. */
  readonly offline: Readonly<Record<string, string>>;
  /** Whether it has to read its configuration again when a path has changed. */
  readonly isUnitPath: (path: string) => boolean;
  /** The units that a changed path is about. */
  readonly unitsOfPath: (path: string) => readonly string[];
  /** The program to which the words of an undo are given; undefined where units cannot be brought back. */
  readonly control?: string;
  /** How units are; none where it cannot be asked. Throws where it does not answer in time. */
  readonly unitStates: (names: readonly string[]) => Promise<UnitState[]>;
  /**
   * Let a command run beside this process, whatever becomes of that and its session. `seconds` are for
   * one that starts it when they are over; where no timer can do that, it is started at once, and has to
   * wait by itself.
   */
  readonly runLater: (name: string, seconds: number, argv: readonly string[]) => Promise<void>;
  /** Call off what {@linkcode InitSystem.runLater} has begun, where that is known by its name. */
  readonly cancel: (name: string) => Promise<void>;
  /** What finishes at boot what was cut off; none where it cannot do so. They begin nothing where nothing is due. */
  readonly bootUnits: (options: BootUnitOptions) => readonly BootUnit[];
  /** Whether services can be started: before, a start would wait for the boot. */
  readonly isUp: () => Promise<boolean>;
  /** Let a boot go on with files that have changed since it began. */
  readonly goOnBooting: () => Promise<void>;
}
