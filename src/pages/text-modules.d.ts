/** Files that come along as text (wrangler.toml, rules). */
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
declare module "*.md" {
  const text: string;
  export default text;
}
declare module "*.umd.min.js" {
  const text: string;
  export default text;
}
