/** A file as text, the way the test runner's bundler reads it. */
declare module "*?raw" {
  const text: string;
  export default text;
}
