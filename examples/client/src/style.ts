/** Colours by meaning, light and dark; text at least 4.5:1, controls 3:1; every target at least 44 px high. */
export const STYLE = `
  :root { color-scheme: light dark;
    --ink: #1a2230; --paper: #f7f9fd; --quiet: #56617a; --line: #8089a0; --accent: #1d4f9e; --danger: #a3261f; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6eaf2; --paper: #121824; --quiet: #a3adc2; --line: #737e96; --accent: #9cc0ff; --danger: #ff9b91; }
  }
  * { box-sizing: border-box; }
  body { margin: 0 auto; max-width: 38rem; padding: 1.5rem 1rem 4rem; font: 1.05rem/1.55 system-ui, sans-serif;
    color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
  h1 { font-size: 1.75rem; line-height: 1.2; text-wrap: balance; }
  header { display: flex; align-items: center; gap: 0.75rem; color: var(--accent); font-weight: 600; }
  .mark { width: 2.25rem; height: 2.25rem; line-height: 2.25rem; text-align: center; border-radius: 8px;
    color: var(--paper); background: var(--accent); }
  h2 { font-size: 1.2rem; margin-top: 2.5rem; }
  button, textarea { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px; }
  button { min-height: 44px; padding: 0.5rem 1rem; text-align: start; cursor: pointer; }
  button:hover { border-color: var(--accent); }
  button.main { color: var(--paper); background: var(--accent); border-color: var(--accent); font-weight: 600; }
  form + form { margin-top: 0.75rem; }
  textarea { display: block; width: 100%; padding: 0.75rem; margin: 0.25rem 0 0.75rem; }
  ul, ol { padding: 0; list-style: none; }
  ul li { margin: 0.75rem 0; }
  ul button { width: 100%; }
  ol { counter-reset: step; }
  ol li { counter-increment: step; position: relative; padding: 0 0 1rem 2.5rem; }
  ol li::before { content: counter(step); position: absolute; inset-inline-start: 0; width: 1.75rem; text-align: center;
    border: 1px solid var(--line); border-radius: 50%; line-height: 1.65rem; font-size: 0.9rem; }
  ol li.refused, ol li.unavailable { color: var(--danger); }
  code { display: block; color: var(--quiet); font-size: 0.85rem; }
  article { border-inline-start: 4px solid var(--accent); padding-inline-start: 1rem; }
  a { color: var(--accent); }
  small { display: block; color: var(--quiet); }
  .visitor { display: flex; align-items: center; gap: 0.75rem; flex-wrap: wrap; }
  .visitor button { margin-inline-start: auto; }
  .initial { width: 44px; height: 44px; line-height: 44px; text-align: center; border-radius: 50%; color: var(--paper); background: var(--accent); }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
