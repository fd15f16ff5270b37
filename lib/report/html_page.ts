/**
 * The page of the HTML report, an Eta template: one file, nothing from elsewhere, no scripts.
 *
 * @module
 */

/** The style; colours of stages are `--s0` to `--s7`. */
const STYLE = `
:root { color-scheme: light dark; --text: #1c2024; --dim: #5b6570; --page: #fff; --box: #f4f6f8;
  --line: #d5dbe1; --ok: #1a7f37; --bad: #c01c28; --add: #dff5e3; --del: #fde2e2;
  --s0: #2f6fb5; --s1: #b5642f; --s2: #2f8f6f; --s3: #8a4fb5; --s4: #a68a1c; --s5: #b53f7c;
  --s6: #4f7a2f; --s7: #5b6b8a; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ec; --dim: #9aa5b1; --page: #14171a;
  --box: #1e2327; --line: #38414a; --ok: #57c271; --bad: #ff7b81; --add: #16351f; --del: #421d20;
  --s0: #6aa5e8; --s1: #e09a66; --s2: #5fc4a2; --s3: #bb8ae3; --s4: #d3b748; --s5: #e37fb2;
  --s6: #8fbf66; --s7: #96a5c4; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 80rem; background: var(--page);
  color: var(--text); font: 15px/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
code, pre, .path { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
.dim { color: var(--dim); } .ok { color: var(--ok); } .bad { color: var(--bad); }
.outcome { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .5rem 0; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; overflow-wrap: break-word; } th, td { padding: .2rem .8rem .2rem 0; text-align: left;
  border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--dim); font-weight: 500; } .n { text-align: right;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
.row { display: grid; grid-template-columns: 10rem 1fr 5rem; gap: .8rem; align-items: center;
  border-bottom: 1px solid var(--line); padding: .15rem 0; }
.row > .n { white-space: normal; overflow-wrap: anywhere; }
.row > :first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.track { position: relative; height: 1.1rem; background: var(--box); }
.bar { position: absolute; top: 0; height: 100%; min-width: 2px; }
.failed { outline: 2px solid var(--bad); outline-offset: -2px; }
.key { display: inline-block; width: .8rem; height: .8rem; margin: 0 .3rem 0 .9rem; }
details, .change { border: 1px solid var(--line); border-radius: 4px; margin: .3rem 0;
  padding: .35rem .7rem; }
summary { cursor: pointer; }
pre { background: var(--box); padding: .6rem; margin: .5rem 0 .2rem; overflow-x: auto;
  overflow-wrap: normal; }
.failures { border: 1px solid var(--bad); border-radius: 4px; padding: .5rem .9rem; }
.said { display: flex; flex-direction: column-reverse; max-height: 24rem; overflow-y: auto; }
.said pre { flex: none; margin: .2rem 0; }
.failures p { margin: .2rem 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.metrics th, .metrics td { padding-right: 0; padding-left: .6rem; }
.metrics :is(th, td):first-child { padding-left: 0; min-width: 14rem; overflow-wrap: anywhere; }
.metrics th { white-space: normal; vertical-align: bottom; }
@media (max-width: 62rem) { table, tbody, td { display: block; } tr:first-child { display: none; }
  tr { display: block; border-bottom: 1px solid var(--line); padding: .3rem 0; }
  td, .metrics td { display: inline-block; border: 0; padding: 0 .9rem 0 0; max-width: 100%;
    overflow-wrap: anywhere; text-align: left; }
  td.whole, .metrics td:first-child { display: block; } td:empty { display: none; }
  .metrics td:first-child { font-weight: 600; }
  td[data-field]::before { content: attr(data-field) " "; color: var(--dim); } }
@media (max-width: 50rem) { .row { grid-template-columns: 6rem 1fr 4rem; } }
.critical { color: var(--bad); font-weight: 600; } .lines { white-space: pre-wrap;
  overflow-wrap: anywhere; }
.added { background: var(--add); } .removed { background: var(--del); }
.header { font-weight: 600; } .hunk { color: var(--dim); }
`;

/** The template; `it` is the `Page` of `html.ts`. Everything that is shown is escaped. */
export const HTML_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title><%= it.title %></title>
<style>${STYLE}</style>
</head>
<body>
<h1><%= it.title %></h1>
<p class="outcome <%= it.ok ? "ok" : "bad" %>"><%= it.outcome %></p>
<% if (it.failures.length > 0) { %>
<section class="failures"><h2 style="margin-top:0">What went wrong (<%= it.failures.length %>)</h2>
<% for (const one of it.failures) { %>
<p><strong class="bad"><%= one.what %></strong> <%= one.why %></p>
<% if (one.said.length > 0) { %>
<div class="said"><pre class="lines">
<% for (const line of one.said) { %>
<span><%= line.text %></span>
<% } %>
</pre></div>
<% } %>
<% } %>
</section>
<% } %>
<dl>
<% for (const [name, value] of it.facts) { %>
<dt><%= name %></dt><dd><%= value %></dd>
<% } %>
</dl>

<h2>Timeline</h2>
<% if (it.rows.length === 0) { %><p class="dim">Nothing was measured.</p><% } %>
<% for (const row of it.rows) { %>
<div class="row"><span title="<%= row.name %>"><%= row.name %></span><div class="track">
<% for (const bar of row.bars) { %>
<div class="bar<%= bar.failed ? " failed" : "" %>" title="<%= bar.title %>"
 style="left:<%= bar.left %>%;width:<%= bar.width %>%;background:var(--s<%= bar.colour %>)"></div>
<% } %>
</div><span class="n"><%= row.seconds %> s</span></div>
<% } %>
<p class="dim">
<% for (const stage of it.stages) { %>
<span class="key" style="background:var(--s<%= stage.colour %>)"></span><%= stage.name %>
<% } %>
</p>

<h2>Balls (<%= it.balls.length %>)</h2>
<div class="scroll"><table>
<tr><th>ball</th><th>status</th><th class="n">changes</th><th class="n">seconds</th><th></th></tr>
<% for (const ball of it.balls) { %>
<tr><td><strong><%= ball.name %></strong></td><td class="<%= ball.status === "failed" ? "bad" : ""
 %>"><%= ball.status %></td><td class="n" data-field="changes"><%= ball.changes
 %></td><td class="n" data-field="seconds"><%= ball.seconds
 %></td><td class="whole"><%= ball.error %></td></tr>
<% } %>
</table></div>

<h2>Changes (<%= it.changed %>)</h2>
<% if (it.changed === 0) { %><p class="dim">None.</p><% } %>
<% for (const change of it.changes) { %>
<% if (change.lines.length === 0) { %>
<div class="change"><code><%= change.letters %></code> <span class="path"><%= change.path
 %></span> <span class="dim"><%= change.words %> [<%= change.balls %>]</span><% if (change.critical) {
 %> <span class="critical">critical</span><% } %></div>
<% } else { %>
<details><summary><code><%= change.letters %></code> <span class="path"><%= change.path
 %></span> <span class="dim"><%= change.words %> [<%= change.balls %>]</span><% if (change.critical) {
 %> <span class="critical">critical</span><% } %></summary>
<pre>
<% for (const line of change.lines) { %>
<span class="<%= line.mark %>"><%= line.text %></span>
<% } %>
</pre></details>
<% } %>
<% } %>
<% for (const group of it.groups) { %>
<details><summary class="path"><%= group.line %></summary>
<pre class="lines">
<% for (const change of group.changes) { %>
<span><%= change.letters %> <%= change.path %> <span class="dim"><%= change.words %></span></span>
<% } %>
<% if (group.more > 0) { %><span class="dim">and <%= group.more %> more: see disco report --format json</span>
<% } %>
</pre></details>
<% } %>

<% if (it.checks.length > 0) { %>
<h2>Checks (<%= it.checks.length %>)</h2>
<div class="scroll"><table>
<tr><th>status</th><th>command</th><th>ball</th><th>path</th><th></th></tr>
<% for (const check of it.checks) { %>
<tr><td class="<%= check.status === "failed" ? "bad" : "" %>"><%= check.status
 %></td><td class="whole"><code><%= check.command %></code></td><td data-field="ball"><%= check.ball
 %></td><td data-field="path"><%= check.path %></td><td class="whole"><%= check.error %></td></tr>
<% } %>
</table></div>
<% } %>

<h2>Effects (<%= it.effects.length %>)</h2>
<% if (it.effects.length === 0) { %><p class="dim">None.</p><% } else { %>
<div class="scroll"><table>
<tr><th>status</th><th>command</th><th>ball</th><th>script</th><th></th></tr>
<% for (const effect of it.effects) { %>
<tr><td class="<%= effect.status === "failed" ? "bad" : "" %>"><%= effect.status
 %></td><td class="whole"><code><%= effect.command
 %></code></td><td data-field="ball"><%= effect.ball %></td><td data-field="script"><%= effect.script
 %></td><td class="whole"><%= effect.error %></td></tr>
<% } %>
</table></div>
<% } %>

<% if (it.owed.length > 0) { %>
<h2>Owed (<%= it.owed.length %>)</h2>
<ul>
<% for (const one of it.owed) { %>
<li class="bad"><%= one %></li>
<% } %>
</ul>
<% } %>

<% if (it.orphans.length > 0) { %>
<h2>Orphans</h2>
<ul>
<% for (const one of it.orphans) { %>
<li class="path"><%= one %></li>
<% } %>
</ul>
<% } %>

<% if (it.notSimulated.length > 0) { %>
<h2>Not simulated (<%= it.notSimulated.length %>)</h2>
<ul>
<% for (const one of it.notSimulated) { %>
<li><%= one.what %> <span class="dim">(<%= one.kind %>) [<%= one.ball %> <%= one.script %>]</span></li>
<% } %>
</ul>
<% } %>

<h2>Metrics</h2>
<div class="scroll"><table class="metrics">
<tr><th>step</th><% for (const field of it.fields) { %><th class="n"><%~
 field.split("_").join("_<wbr>") %></th><% } %></tr>
<% for (const metric of it.metrics) { %>
<tr><td><%= metric.name %></td>
<% for (const figure of metric.figures) { %><td class="n" data-field="<%= figure.field %>"><%= figure.text %></td><% } %>
</tr>
<% } %>
</table></div>
</body>
</html>
`;
