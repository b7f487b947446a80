/** The look of every page: one column, in the colours that the device prefers. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f3f4f6; --card: #ffffff; --edge: #e2e5ea; --text: #1b2330; --quiet: #566070;
  --field: #ffffff; --field-edge: #7d8797; --accent: #1a56db; --on-accent: #ffffff;
  --problem: #b3261e; --problem-field: #fdf3f2; --good: #14713d;
  --notice: #fff4d6; --notice-edge: #b7791f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141a; --card: #1a2029; --edge: #2a323e; --text: #e8ebf0; --quiet: #a3adbb;
    --field: #12171e; --field-edge: #6f7b8c; --accent: #8ab4ff; --on-accent: #0c1728;
    --problem: #ff9d94; --problem-field: #2a1a1b; --good: #6fd69b;
    --notice: #33280f; --notice-edge: #e0a93b;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0; min-height: 100vh; padding: 1rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main {
  max-width: 26rem; margin: 0 auto; padding: 1.5rem; background: var(--card);
  border: 1px solid var(--edge); border-radius: .75rem;
}
@media (min-width: 32rem) {
  body { padding-top: 12vh; }
  main { padding: 2.25rem 2.5rem 2.5rem; box-shadow: 0 1px 3px rgb(0 0 0 / .08); }
}
.host { margin: 0 0 1.25rem; color: var(--quiet); font-size: .875rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
section > :last-child { margin-bottom: 0; }
label { display: block; margin-top: 1.25rem; font-weight: 600; line-height: 1.3; }
.hint { margin: .125rem 0 0; color: var(--quiet); font-size: .875rem; }
input {
  display: block; width: 100%; margin-top: .375rem; padding: .625rem .75rem; font: inherit; color: inherit;
  background: var(--field); border: 1px solid var(--field-edge); border-radius: .5rem;
}
input[readonly] { background: var(--page); border-color: var(--edge); }
input[aria-invalid="true"] { border-color: var(--problem); background: var(--problem-field); }
.problem { margin: .375rem 0 0; color: var(--problem); font-size: .9375rem; }
.problem:empty { margin: 0; }
button {
  font: inherit; font-weight: 600; cursor: pointer; border-radius: .5rem; border: 1px solid transparent;
}
button[type="submit"], .go {
  display: block; width: 100%; margin-top: 1.5rem; padding: .7rem 1rem;
  background: var(--accent); color: var(--on-accent);
}
.notice {
  padding: .625rem .75rem; background: var(--notice); border-radius: .5rem; border-left: .25rem solid var(--notice-edge);
}
dl { margin: 0 0 1.25rem; padding: .25rem 0; border: solid var(--edge); border-width: 1px 0; }
dl > div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .375rem 0; }
dt { flex: 0 0 6.5rem; color: var(--quiet); }
dd { flex: 1 1 11rem; min-width: 0; margin: 0; font-weight: 600; overflow-wrap: anywhere; }
fieldset { min-width: 0; margin: 1.25rem 0 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; line-height: 1.3; }
.option { display: flex; align-items: baseline; gap: .625rem; margin-top: .625rem; }
.option input { flex: none; width: auto; margin: 0; accent-color: var(--accent); }
.option label { margin: 0; font-weight: 400; }
[role="status"] { margin: 1rem 0 0; }
[role="status"]:empty { margin: 0; }
form[aria-busy="true"] button { opacity: .6; cursor: progress; }
.choices { margin: .75rem 0 0; }
.choices button { display: block; padding: .5rem 0; border: 0; background: none; color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h1:focus-visible { outline: none; }
.done h1::before { content: "\\2713\\00a0"; content: "\\2713\\00a0" / ""; color: var(--good); }
`
