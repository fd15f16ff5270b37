/**
 * What evaluates the templates of one ball, in a realm of its own, see `evaluator.js`: the expression
 * is a function of the request, and returns the results as JSON. Nothing but text goes in and out.
 *
 * @module
 */
(function (request) {
  "use strict";
  Error.stackTraceLimit = 100;
  const { parse, stringify } = JSON;
  /** MiB that the templates of a ball render to together. */
  const MAX_ANSWER = 32;
  /** Marks what a template did wrong, told without the name of an exception's class. */
  class Complaint extends Error {}

  function answer({ view, templates }) {
    const it = makeView(view);
    const results = [];
    let left = MAX_ANSWER << 20;
    for (const code of templates) {
      let result = render(code, it);
      left -= result.text?.length ?? 0;
      if (left < 0) result = { error: `what it renders to is larger than ${MAX_ANSWER} MiB` };
      results.push(result);
      if ("error" in result) break;
    }
    return results;
  }

  /** The text of one template, or the error and the lines of the code it came through, innermost first. */
  function render(code, it) {
    try {
      const template = new Function("it", "options", `${code}\n//# sourceURL=disco:template`);
      return { text: String(template.call(ETA, it, {})) };
    } catch (error) {
      return failure(error);
    }
  }

  /** What Eta's compiled functions expect as `this`. */
  const ETA = {
    config: { escapeFunction: String, filterFunction: textOf },
    render() {
      throw new Complaint("a template cannot include another one, nor have a layout");
    },
  };
  ETA.renderAsync = ETA.render;

  /** The text of an expression; what would come out as `undefined` or `[object Object]` is refused. */
  function textOf(value) {
    if (value === undefined || value === null) {
      throw new Complaint(`the value of the expression is ${value}`);
    }
    const text = String(value);
    if (typeof value === "function" || (typeof value === "object" && text.startsWith("[object "))) {
      throw new Complaint(`the value of the expression is no text (${typeof value})`);
    }
    return text;
  }

  function failure(error) {
    try {
      if (!(error instanceof Error)) return { error: `it threw "${String(error)}"` };
      const frames = String(error.stack).matchAll(/disco:template, <anonymous>:(\d+)/g);
      return {
        error: error instanceof Complaint ? error.message : `${error.name}: ${error.message}`,
        // `new Function` puts two lines before the code.
        lines: Array.from(frames, ([, line]) => Number(line) - 2),
      };
    } catch {
      return { error: "it threw something that cannot be shown" };
    }
  }

  function makeView({ node, ball, params, facts }) {
    const none = (key) => `parameter "${key}" does not exist and has no default`;
    const folder = (key) => `parameter "${key}" is a folder, not a value`;
    const find = (key) => lookUp(params, key);
    const view = {
      node,
      ball,
      params: strict(params, "", none, folder),
      facts: strict(
        facts,
        "",
        (key) => `there is no fact "${key}"`,
        (key) => `fact "${key}" holds facts, it is no value itself`,
      ),
      has: (key) => find(key) !== undefined,
      param(key, ...fallback) {
        const value = find(key);
        if (isFolder(value)) throw new Complaint(folder(key));
        if (value !== undefined) return value;
        if (fallback.length === 0) throw new Complaint(none(key));
        return fallback[0];
      },
      keys(key) {
        const value = key === undefined ? params : find(key);
        // A folder without a name in it does not come over the wire either.
        if (value === undefined) return [];
        if (!isFolder(value)) throw new Complaint(`parameter "${key}" is a value, not a folder`);
        return Object.keys(value).sort();
      },
      __blocks: {},
    };
    return strict(view, "", (key) => `there is no "it.${key}"`, () => `"it" is no value`, false);
  }

  function lookUp(params, key) {
    let value = params;
    for (const name of String(key).split("/")) {
      if (!isFolder(value) || !Object.hasOwn(value, name)) return undefined;
      value = value[name];
      if (isFolder(value)) unreadable(value);
    }
    return value;
  }

  /** A parameter that is no text comes as the reason under a name that no parameter can have. */
  function unreadable(folder) {
    if (Object.hasOwn(folder, "")) throw new Complaint(folder[""]);
  }

  function isFolder(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }

  /**
   * The object, read-only; a name that it does not have is an error and not `undefined`. With `deep`
   * the objects in it are such ones too.
   */
  function strict(object, path, missing, notText, deep = true) {
    const below = (name) => path === "" ? name : `${path}/${name}`;
    return new Proxy(object, {
      get(target, name) {
        if (name === Symbol.toPrimitive) {
          return () => {
            throw new Complaint(notText(path));
          };
        }
        // JSON.stringify and await ask every object for these.
        const optional = typeof name === "symbol" || name === "toJSON" || name === "then";
        if (!Object.hasOwn(target, name)) {
          if (optional) return undefined;
          throw new Complaint(missing(below(name)));
        }
        return wrap(target[name], below(name));
      },
      getOwnPropertyDescriptor(target, name) {
        const found = Reflect.getOwnPropertyDescriptor(target, name);
        return found && { ...found, value: wrap(found.value, below(name)), configurable: true };
      },
      has: (target, name) => Object.hasOwn(target, name),
      set: readOnly,
      defineProperty: readOnly,
      deleteProperty: readOnly,
      setPrototypeOf: readOnly,
      preventExtensions: readOnly,
    });

    function wrap(value, at) {
      if (!deep || !isFolder(value)) return value;
      unreadable(value);
      return typeof at === "symbol" ? value : strict(value, at, missing, notText);
    }
  }

  function readOnly() {
    throw new Complaint("what a template is given cannot be changed");
  }

  return stringify(answer(parse(request)));
});
