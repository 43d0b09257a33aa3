/** Colours by meaning, light and dark; text at least 4.5:1, controls 3:1; every target at least 44 px high. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #24231c; --paper: #fcfbf4; --quiet: #62604f; --line: #8d8a75; --accent: #7a5200; --on-accent: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #efede2; --paper: #1a1913; --quiet: #b3b09e; --line: #827f6c; --accent: #f0c25a; --on-accent: #1a1913; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 40rem; padding: 2.5rem 1rem 4rem; font: 1.05rem/1.55 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 1rem; text-wrap: balance; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.5rem 0 0.5rem; }
.lead { font-size: 1.15rem; }
a { color: var(--accent); }
ul { padding: 0; list-style: none; }
li { margin: 0.75rem 0; }
.stories { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); }
.story { display: flex; align-items: center; justify-content: center; min-height: 4rem; padding: 0.75rem 1rem; border-radius: 8px;
  font-size: 1.2rem; font-weight: 600; text-decoration: none; color: var(--on-accent); background: var(--accent); }
.stories p, code { color: var(--quiet); }
code { font-size: 0.9rem; }
ol { padding: 0; list-style: none; counter-reset: step; }
ol li { counter-increment: step; position: relative; padding-inline-start: 3.25rem; margin: 2rem 0; }
ol li::before { content: counter(step); position: absolute; inset-inline-start: 0; width: 2.25rem; height: 2.25rem; line-height: 2.1rem;
  text-align: center; border: 1px solid var(--line); border-radius: 50%; }
ol h2 { margin: 0 0 0.25rem; padding-top: 0.25rem; }
ol p { margin: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
