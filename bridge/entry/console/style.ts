// The look of the console: one sheet, no outside resource, light and dark by the reader's own setting.

export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #f6f6f3; --card: #ffffff; --line: #dcdcd4; --text: #1d2126; --soft: #5b636d;
  --accent: #0b5f55; --on-accent: #ffffff;
  --good: #14693a; --good-ground: #dcf3e4; --warn: #7a4b00; --warn-ground: #fdeecb; --bad: #9b1c1c; --bad-ground: #fde2e0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --card: #1d2226; --line: #343b41; --text: #e8eaec; --soft: #a3acb5;
    --accent: #5cc9b8; --on-accent: #06201c;
    --good: #8fe0ad; --good-ground: #17362280; --warn: #f3cd80; --warn-ground: #40310c; --bad: #ffb3ad; --bad-ground: #481b1a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem; padding: .75rem 1.5rem; background: var(--card); border-bottom: 1px solid var(--line); }
header form { margin-left: auto; }
.brand { font-weight: 650; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .75rem; }
h3 { font-size: .95rem; margin: 1rem 0 .25rem; }
.heading { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin-bottom: 1.25rem; }
.hint { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .75rem; margin: 0; }
.numbers div { display: flex; flex-direction: column; justify-content: space-between; }
.numbers dt { color: var(--soft); font-size: .9rem; }
.numbers dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
.numbers dd.none { font-size: .95rem; color: var(--soft); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .55rem 1rem; vertical-align: top; }
th { color: var(--soft); font-weight: 500; font-size: .9rem; }
tbody tr { border-top: 1px solid var(--line); }
code { font: .88em ui-monospace, monospace; color: var(--soft); overflow-wrap: anywhere; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.state { display: inline-block; border-radius: 1rem; padding: .05rem .65rem; font-size: .9rem; }
.state.ready, .state.up, .state.embedded { color: var(--good); background: var(--good-ground); }
.state.degraded { color: var(--warn); background: var(--warn-ground); }
.state.down { color: var(--bad); background: var(--bad-ground); }
details.card { margin-top: .6rem; padding: 0; }
summary { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: .75rem 1.25rem; cursor: pointer; }
summary .number { margin-left: auto; }
details > :not(summary) { margin-left: 1.25rem; margin-right: 1.25rem; }
details > :last-child { margin-bottom: 1.25rem; }
.outcome { font-weight: 600; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .5rem 1.5rem; margin-top: 0; margin-bottom: 0; }
.facts dt { color: var(--soft); font-size: .9rem; }
.facts dd { margin: 0; }
ul { margin-top: 0; margin-bottom: 0; padding-left: 1.1rem; }
.kind { color: var(--soft); }
.timings { list-style: none; padding: 0; display: grid; gap: .2rem; }
.timings li { display: grid; grid-template-columns: minmax(6rem, 1fr) minmax(4rem, 4fr) 5rem; gap: 1rem; align-items: center; }
meter { width: 100%; height: .9rem; }
label { display: block; font-weight: 500; }
input { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: .4rem; padding: .45rem .6rem; }
button { font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: .4rem; padding: .5rem 1.1rem; cursor: pointer; }
button.quiet { color: var(--accent); background: none; padding: .25rem; }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem; margin: .75rem 0; }
.filter input { width: 8rem; }
.login { max-width: 26rem; margin: 8vh auto 0; }
.login form { display: grid; gap: .6rem; }
.notice { border-left: 4px solid var(--line); background: var(--card); border-radius: .3rem; padding: .5rem .9rem; margin: .75rem 0; }
.notice.warn { border-color: var(--warn); }
.notice code { white-space: nowrap; }
tfoot td, tr.sum td { font-weight: 600; }
.problem { color: var(--bad); background: var(--bad-ground); border-radius: .4rem; padding: .5rem .75rem; }
/* A table that is wider than a phone scrolls; its long texts must not become towers. */
@media (max-width: 40rem) { td { min-width: 7rem; } td.number { min-width: 0; } td:last-child:not(.number) { min-width: 15rem; } }
@media (max-width: 30rem) { header { gap: .5rem .8rem; padding: .75rem 1rem; } main { padding: 1rem; } }
`;
