/** Colours by meaning, light and dark; text at least 4.5:1, controls 3:1; every target at least 44 px high. No quotes: HTML is escaped. */
export const STYLE = `
  :root { color-scheme: light dark;
    --ink: #2a1f24; --paper: #fffaf9; --quiet: #6b585f; --line: #947f86; --accent: #8f2750; --on-accent: #fff; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #f1e9ec; --paper: #1c1518; --quiet: #b9a7ae; --line: #8a767d; --accent: #f2a0bf; --on-accent: #1c1518; }
  }
  * { box-sizing: border-box; }
  body { margin: 0 auto; max-width: 38rem; padding: 1.5rem 1rem 4rem; font: 1.05rem/1.55 system-ui, sans-serif;
    color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
  header { display: flex; align-items: center; gap: 0.75rem; color: var(--accent); font-weight: 600; }
  .mark { width: 2.25rem; height: 2.25rem; line-height: 2.25rem; text-align: center; border-radius: 8px;
    color: var(--on-accent); background: var(--accent); }
  h1 { font-size: 1.75rem; line-height: 1.2; margin: 1.5rem 0 1rem; text-wrap: balance; }
  h2 { font-size: 1.2rem; margin-top: 2.5rem; }
  button, input { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px; }
  button { min-height: 44px; padding: 0.5rem 1rem; cursor: pointer; }
  button:hover { border-color: var(--accent); }
  button.main { color: var(--on-accent); background: var(--accent); border-color: var(--accent); font-weight: 600; }
  label, fieldset { display: block; margin: 1.25rem 0 0; }
  fieldset { border: 0; padding: 0; }
  legend { padding: 0; }
  input:not([type=radio]) { display: block; width: 100%; min-height: 44px; padding: 0.5rem 0.75rem; margin-top: 0.25rem; }
  input[type=date] { max-width: 14rem; }
  .choice { display: flex; align-items: center; gap: 0.75rem; min-height: 44px; margin: 0; }
  .choice input { width: 1.25rem; height: 1.25rem; accent-color: var(--accent); }
  ul { padding: 0; list-style: none; }
  li { padding: 0.75rem 0; border-top: 1px solid var(--line); }
  li:last-child { border-bottom: 1px solid var(--line); }
  .shared li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.75rem; }
  a { color: var(--accent); }
  small { display: block; }
  small, .quiet { color: var(--quiet); }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
